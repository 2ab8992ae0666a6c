"""Two years of contracts: written, reviewed, sent back now and then, approved, signed, filed, renewed and amended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from contracts.flow import IN_FORCE
from contracts.models import Contract, Product
from core import clock
from demo import execution_story
from demo.contract_words import draft_of, instalment, line, named, pair, said
from documents import codes
from workflow.approvals.board import Board

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from datetime import datetime

    from customers.models import Organisation
    from demo.stage import Stage
    from demo.world import World
    from people.models import User
    from workflow.models import Seat

YEARS = timedelta(days=730)
_KINDS = {
    "new_sale": 30,
    "more_products": 9,
    "more_users": 13,
    "annual_renewal": 26,
    "service_product": 13,
    "service_fee": 9,
}
_AMENDED, _LAST_WEEKS = 0.12, 4
_CHANCES = {
    # how often, and at most how often on one contract
    "send_back": (0.06, 2),
    "consult": (0.05, 1),
    "transfer": (0.04, 1),
    "add_signer": (0.05, 1),
}


@dataclass
class _Told:
    """How often something has been done on a contract."""

    times: dict[str, int]

    def hit(self, what: str, rng: Random) -> bool:
        """Whether it happens now; then it is counted."""
        share, most = _CHANCES[what]
        if self.times.get(what, 0) >= most or rng.random() >= share:
            return False
        self.times[what] = self.times.get(what, 0) + 1
        return True


class ContractStory:
    """All contracts of two years. The last ones are still under way when the demonstration ends."""

    def __init__(self, stage: Stage, world: World, seed: int, count: int) -> None:
        self.stage, self.world, self.seed, self.count = stage, world, seed, count
        self.products = list(Product.objects.filter(active=True).order_by("position"))

    def enter(self) -> None:
        """Have them begin, a quarter of them in the last weeks, so that some wait for everybody."""
        rng = Random(f"{self.seed} contracts")
        late = self.count // 4
        for number in range(self.count):
            back = timedelta(weeks=_LAST_WEEKS) if number < late else YEARS
            at = self.world.office(self.world.end - back * rng.random(), rng)
            life = _Life(self, Random(f"{self.seed} contract {number}"), at)
            self.stage.enter(at, life.tell())


class _Paper:
    """A contract at hand, and how it goes on once it is approved."""

    def __init__(self, of: ContractStory, rng: Random, at: datetime) -> None:
        self.stage, self.world, self.products, self.rng, self.at = of.stage, of.world, of.products, rng, at
        self.kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
        self.customer: Organisation = rng.choice(of.world.organisations)
        self.contract: Any = Contract()
        self.told = _Told({})

    def _on_paper(self) -> Iterator[datetime]:
        ops = self.world.cast.someone("sales_ops", self.rng)
        hr = self.world.cast.someone("hr_admin", self.rng)
        paper = ops if self.contract.by_way_of_sales_ops else self.contract.handler
        yield from self._wait(2, 30)
        self._do("print_papers", hr)
        yield from self._wait(0.5, 8)
        self._do("have_sealed", paper)
        yield from self._wait(2, 24)
        self._do("record_seal", hr, sealed_on=self._today(), copies=self.contract.originals)
        yield from self._wait(1, 24)
        number = f"SF{self.rng.randrange(10**11, 10**12)}"
        self._do("post", paper, posted_on=self._today(), courier=said("couriers", self.rng), waybill=number)
        vice = self.world.cast.someone("vice_president", self.rng)
        self._do("record_signature", hr, side="ours", signed_on=self._today(), signed_by=vice.display_name)
        yield from self._wait(60, 400)
        signer = said("signers", self.rng)
        self._do("record_signature", paper, side="theirs", signed_on=self._today(), signed_by=signer)
        yield from self._wait(0.5, 20)
        self._do("take_effect", paper, effective_on=self._today())
        yield from self._filed(ops, hr)

    def _filed(self, ops: User, hr: User) -> Iterator[datetime]:
        yield from self._wait(2, 40)
        self._do("copy_to_service", ops, copied_on=self._today())
        self.stage.enter(self.stage.now, execution_story.life(self.stage, self.world, self.contract.pk, self.rng))
        yield from self._wait(2, 60)
        finance = self.world.cast.someone("finance", self.rng)
        number = self.contract.number[-9:]
        self._do("file", hr, hr_archive=f"RS-{number}")
        yield from self._wait(1, 60)
        self._do("file", finance, finance_archive=f"CW-{number}")
        self._do("archive", hr)

    # --- the tools of telling -------------------------------------------------------------------------------------
    def _today(self) -> Any:
        return clock.local(self.stage.now).date()

    def _wait(self, low: float, high: float) -> Generator[datetime, None, None]:
        then = self.world.office(self.stage.now + timedelta(hours=self.rng.uniform(low, high)), self.rng)
        yield then

    def _do(self, verb: str, who: User, **data: Any) -> None:
        actor = self.world.cast.actor(who, self.stage.now)
        with codes.drawn_from(self.rng):
            self.contract = self.stage.perform(self.contract, verb, actor, data).concrete
        if verb in {"print_papers", "copy_to_service"}:
            self.stage.notice_beside(self.contract)
        Board.forget(self.contract)


class _Life(_Paper):
    """One contract, from its draft to the archive."""

    @property
    def author(self) -> User:
        """Who writes it: sales for a new sale, the customer's account manager for the rest."""
        if self.kind == "new_sale":
            return self.world.cast.someone("sales_manager", self.rng)
        return self.world.cast.by_id[self.customer.account_manager_id]  # type: ignore[index] # all of them have one

    def tell(self) -> Iterator[datetime]:
        """Its whole life, as far as the time reaches."""
        yield self.at
        amends = self.kind != "new_sale" and self.rng.random() < _AMENDED
        author = self.world.cast.someone("sales_ops", self.rng) if amends else self.author
        self._begin(author, self._earlier(author), amends=amends)
        yield from self._wait(2, 50)
        if self.rng.random() < 0.02:  # noqa: PLR2004 - few come to nothing at once
            self._do("cancel", self.contract.handler, reason=said("cancels", self.rng))
            return
        yield from self._until_approved()
        if self.contract.state == "approved":
            yield from self._on_paper()

    def _earlier(self, author: User) -> Any:
        """A contract in force of the same customer that the author sees, which this one renews or amends."""
        if self.kind == "new_sale":
            return None
        rows = Contract.objects.for_actor(author).filter(customer=self.customer, state__in=IN_FORCE, amends=None)
        return rows.order_by("-pk").first()

    def _begin(self, who: User, earlier: Contract | None, *, amends: bool) -> None:
        on = clock.local(self.stage.now).date()
        data = draft_of(self.kind, self.customer, self.products, on, self.rng)
        if amends and earlier is None:
            amends, who = False, self.author
        if earlier is not None and amends:
            data = {"customer": self.customer.pk, "amends": earlier.pk, "proposed_by": self.customer.name}
            data |= {"title": said("amendment", self.rng, customer=self.customer.name)}
            data |= {"summary_text": data["title"]}
        elif earlier is not None and self.kind == "annual_renewal":
            data |= {"renews": earlier.pk}
        self._do("draft", who, **data)

    # --- review ---------------------------------------------------------------------------------------------------
    def _until_approved(self) -> Iterator[datetime]:
        for _turn in range(60):
            state = self.contract.state
            if state in {"draft", "returned"}:
                yield from self._hand_in()
            elif state == "with_sales_ops":
                yield from self._pass_on()
            elif state == "customer_agreement":
                yield from self._ask_customer()
            elif state in {"in_review", "head_approval", "leader_approval"}:
                yield from self._decide()
            else:
                return

    def _hand_in(self) -> Iterator[datetime]:
        author = self.contract.handler
        if self.contract.state == "returned":
            yield from self._wait(3, 60)
            self._do("write", author, **self._better())
        if self.contract.amends_id and self.contract.agreed_on is None:
            self._do("record_consent", author, **self._agreement("consent"))
        yield from self._wait(0.2, 4)
        self._do("hand_in" if self.contract.by_way_of_sales_ops else "submit", author)

    def _better(self) -> dict[str, Any]:
        """What is put right: a price, and what was said of it."""
        rows = [{"key": row.position, **line(row, row.price * Decimal("1.05"))} for row in self.contract.lines.all()]
        payments = [{"key": row.position, **instalment(row)} for row in self.contract.payments.all()]
        note = said("deviations", self.rng)
        before = self.contract.deviations
        return {
            "lines": rows,
            "payments": payments,
            "deviations": note if note not in before else f"{before}\n{note}（已修改）",
        }

    def _pass_on(self) -> Iterator[datetime]:
        yield from self._wait(1, 20)
        ops = self.world.cast.someone("sales_ops", self.rng)
        if self.contract.amends_id and not self.contract.change:
            major = self.rng.random() < 0.35  # noqa: PLR2004 - the smaller part
            whom = ["service", "finance"] if major else [self.rng.choice(("service", "finance"))]
            change = {"change": "major" if major else "minor", "change_departments": whom}
            self._do("classify", ops, **change, text=said("classify", self.rng))
        self._do("pass_on", ops)

    def _ask_customer(self) -> Iterator[datetime]:
        yield from self._wait(20, 190)
        if self.rng.random() < 0.06:  # noqa: PLR2004 - few customers want it otherwise
            self._do("record_objection", self.contract.handler, text=said("objections", self.rng))
        else:
            self._do("record_agreement", self.contract.handler, **self._agreement("consent"))

    def _agreement(self, words: str) -> dict[str, Any]:
        today = clock.local(self.stage.now).date()
        contacts = [contact.name for contact in self.customer.contacts.all()]
        return {"agreed_on": today, "agreed_by": self.rng.choice(contacts), "text": said(words, self.rng)}

    def _decide(self) -> Iterator[datetime]:
        yield from self._wait(1, 30)
        Board.forget(self.contract)
        board = Board.of(self.contract)
        if board.consulted:
            seat = board.consulted[0]
            self._do("advise", self._of(seat), opinion=said("advice", self.rng))
            return
        seat = board.deciding[0]
        who = self._of(seat)
        if not self._turn_aside(who, seat):
            self._judge(who, seat)

    def _of(self, seat: Seat) -> User:
        if seat.user_id is not None:
            return self.world.cast.by_id[seat.user_id]
        others = [user for user in self.world.cast.holding(seat.role) if user.pk != self.contract.handler_id]
        return self.rng.choice(others)

    def _turn_aside(self, who: User, seat: Seat) -> bool:
        """Now and then somebody asks another, hands the seat over, or has others decide as well."""
        taken = {one.user_id for one in seat.step.seats.all()} | {who.pk, self.contract.handler_id}
        others = [user for user in self.world.cast.by_id.values() if user.has_role("finance_reviewer", "rd_engineer")]
        others = [user for user in others if user.pk not in taken]
        if not others or seat.step.stage != "review" or seat.origin != seat.Origin.POLICY:
            return False
        other = self.rng.choice(others)
        if self.told.hit("consult", self.rng):
            self._do("consult", who, person=other.pk, question=said("questions", self.rng))
        elif self.told.hit("transfer", self.rng):
            self._do("transfer", who, person=other.pk, reason=said("transfers", self.rng))
        elif self.told.hit("add_signer", self.rng):
            where = self.rng.choice(("before", "after", "beside"))
            self._do("add_signer", who, people=[other.pk], where=where, reason=said("adding", self.rng))
        else:
            return False
        return True

    def _judge(self, who: User, seat: Seat) -> None:
        checks = list(seat.step.checks)
        answers = {f"verdict_{n}": "na" if self.rng.random() < 0.05 else "pass" for n in range(len(checks))}  # noqa: PLR2004 - seldom
        answers |= {f"comment_{n}": said("remarks", self.rng) for n in range(len(checks)) if self.rng.random() < 0.1}  # noqa: PLR2004 - now and then
        if self.told.hit("send_back", self.rng):
            against = self._against("returns")
            if checks:
                place = self.rng.randrange(len(checks))
                answers |= {f"verdict_{place}": "concern", f"comment_{place}": named("concerns", against["ground"])}
            self._do("send_back", who, **answers | against)
        elif seat.step.stage != "review" and self.rng.random() < 0.012:  # noqa: PLR2004 - very few
            self._do("reject", who, **answers | self._against("rejects"))
        else:
            self._do("agree", who, opinion=said("opinions", self.rng), **answers)

    def _against(self, what: str) -> dict[str, str]:
        """What kind of reason is given, and in which words."""
        ground, opinion = pair(what, self.rng)
        return {"ground": ground, "opinion": opinion}
