"""One ticket's life, told as a generator: it yields when it goes on, and acts through the gate when it does."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from core import clock
from demo.temper import AT_ONCE, CADENCE, SUBTYPES, TYPES, Odds
from demo.texts import Issue, described, say
from tickets.flow import State
from tickets.models import Ticket
from workflow.models import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from demo.arrivals import Arrival
    from demo.stage import Stage
    from demo.world import World
    from people.models import User

_NEGLECT = 0.012
_NEGLECT_LATELY = 0.24
_LATELY = timedelta(days=3)
_FORGOTTEN = timedelta(days=8)
_STEP = timedelta(seconds=40)
_PATIENCE = timedelta(days=6)
"""Nothing is asked of the customer any more after that: a day later tickets close by themselves."""


class TicketStory:
    """A ticket with those who have to do with it, and what will happen to it."""

    def __init__(self, stage: Stage, world: World, arrival: Arrival, odds: Odds) -> None:
        self.stage, self.world, self.odds, self.rng = stage, world, odds, odds.rng
        self.arrival = arrival
        self.at = arrival.at
        self.ticket: Any = Ticket()
        self.late = False
        self._next_contact: datetime | None = None
        self.organisation = self.rng.choice(world.organisations)
        self.contact = self.rng.choice(list(self.organisation.contacts.all())[:3])
        self.type, self.issue, self.severity = self._issue()
        region = self.organisation.region_id
        self.specialist: User = world.cast.someone("customer_specialist", self.rng, region=region)

    def _issue(self) -> tuple[str, Issue, str]:
        """What it is about; at night people call because something is broken."""
        odds = self.odds
        kind = "technical" if self.arrival.at_night else odds.one_of(TYPES)
        subtype = "fault" if self.arrival.at_night else odds.one_of(SUBTYPES[kind])
        issue = self.world.author.write(subtype, self.rng)
        severity = odds.severity(issue.severity)
        if self.arrival.at_night and severity == "critical":
            severity = "urgent"  # what burns at night is an emergency, and told elsewhere
        return kind, issue, severity

    # --- the tools of telling -------------------------------------------------------------------------------------
    def _wait(self, at: datetime) -> Iterator[datetime]:
        self.at = max(at, self.at + _STEP)
        yield self.at

    def _wait_for(self, low: float, high: float) -> Iterator[datetime]:
        """Between so and so many minutes."""
        yield from self._until(self.at + timedelta(minutes=self.odds.between(low, high)))

    def _until(self, moment: datetime) -> Iterator[datetime]:
        """Wait; meanwhile the customer of a pressing issue is told how things stand."""
        while self._next_contact is not None and self._next_contact < moment:
            yield from self._wait(self._next_contact)
            teller = self._owner() if self.odds.hit(0.5) else self._accepting()
            self._tell(teller)
        yield from self._wait(moment)

    def _tell(self, teller: User) -> None:
        said, name = self._say("contact"), self.contact.name
        self._do("log_contact", teller, contacted_by=self._way(), person=name, summary=said, **self._opinion())
        self._plan_contact()

    def _opinion(self) -> dict[str, str]:
        """Now and then a customer also says what they think of us; by chance of its own."""
        rng = Random(f"{self.ticket.number} {self.at} opinion")
        if rng.random() < 0.85:  # noqa: PLR2004 - few do
            return {}
        kind = rng.choice(("praise", "complaint", "suggestion", "suggestion"))
        return {"opinion_kind": kind, "opinion": say("opinion", rng, of=kind)}

    def _plan_contact(self) -> None:
        cadence = CADENCE.get(self.severity)
        if cadence is None:
            self._next_contact = None
            return
        share = self.odds.between(1.05, 1.5) if self.odds.hit(0.06) else self.odds.between(0.3, 0.7)
        then = self.at + cadence * share
        self._next_contact = self.world.awake(then) if self.severity == "urgent" else then

    def _do(self, verb: str, who: User, **data: Any) -> None:
        actor = self.world.cast.actor(who, self.at)
        self.ticket = self.stage.perform(self.ticket, verb, actor, data)

    def _say(self, what: str, of: str = "") -> str:
        return say(what, self.rng, of=of)

    def _handler(self) -> User:
        return self.world.cast.by_id[self.ticket.handler_id]

    def _accepting(self) -> User:
        return self.world.cast.by_id[self.ticket.specialist_id] if self.ticket.specialist_id else self.specialist

    def _owner(self) -> User:
        return self.world.cast.by_id[self.organisation.account_manager_id]  # type: ignore[index]

    def _customer(self) -> User | None:
        return self.world.cast.by_id.get(self.contact.user_id or 0)

    def _way(self) -> Any:
        return self.world.channels["hotline" if self.odds.hit(0.75) else "email"]

    # --- the story ------------------------------------------------------------------------------------------------
    def tell(self) -> Iterator[datetime]:
        """From the call to the end."""
        self._record()
        at_once = AT_ONCE[self.type] if self.severity == "general" and not self.arrival.at_night else 0
        if self.odds.hit(at_once):
            yield from self._answer_at_once()
            return
        if self.odds.hit(0.012):
            yield from self._wait_for(2, 10)
            self._cancel()
            return
        yield from self._dispatch()
        yield from self._forgotten()
        yield from self._respond()
        if self.odds.hit(0.014):
            yield from self._wait_for(60, 600)
            self._cancel()
            return
        yield from self._work()
        yield from self._finish()

    def _record(self) -> None:
        portal = self._customer() if self.arrival.channel == "portal" else None
        taker = self.world.on_duty(self.at) if self.arrival.at_night else portal or self.specialist
        sites = list(self.organisation.sites.all())
        mail_only = self.arrival.channel in {"email", "portal"}
        self._do(
            "record",
            taker,
            phone="" if mail_only else self.contact.mobile,
            fax=self.contact.fax if self.arrival.channel == "fax" else "",
            email=self.contact.email if mail_only or self.odds.hit(0.4) else "",
            channel=self.world.channels[self.arrival.channel],
            severity=self.world.severities[self.severity],
            site=self.rng.choice(sites) if self.type == "technical" else None,
            **self._about(),
        )

    def _about(self) -> dict[str, Any]:
        """Who asks, and what about."""
        pressing = self.severity != "general"
        return {
            "customer": self.organisation,
            "contact": self.contact,
            "issue_type": self.world.types[self.type],
            "subtype": self.world.subtypes.get(self.issue.subtype),
            "title": self.issue.title,
            "body": described(self.issue, self.arrival.channel, pressing=pressing, rng=self.rng),
        }

    def _cancel(self) -> None:
        director = self.world.cast.holding("service_director")[0]
        who = self._accepting() if self.ticket.specialist_id else director
        self._do("cancel", who, reason=self._say("cancel_reason"))

    def _answer_at_once(self) -> Iterator[datetime]:
        yield from self._wait_for(2, 9)
        method = self._say("answer_method") + self.issue.method
        self._do("answer_at_once", self._accepting(), method=method, result=self.issue.result)
        yield from self._finish()

    def _dispatch(self) -> Iterator[datetime]:
        """By the specialist, or (when everybody is at the phone) by itself after a while."""
        if self.arrival.at_night or self.odds.hit(0.06):
            while self.ticket.state == State.RECORDED:
                yield from self._wait(self.world.office(self.at + timedelta(minutes=20), self.rng))
                self.ticket = Ticket.objects.get(pk=self.ticket.pk)
        else:
            quick = (1, 5) if self.severity != "general" else (2, 13)
            yield from self._wait_for(*quick)
            self._do("dispatch", self._accepting(), text=self._say("dispatch_text"))
        self._plan_contact()

    def _forgotten(self) -> Iterator[datetime]:
        """Some of the last days' tickets lie about: at the end of the year they are overdue."""
        if self.world.end - _FORGOTTEN < self.at and self.odds.hit(0.13):
            yield from self._until(self.world.end + _STEP)

    def _respond(self) -> Iterator[datetime]:
        lately = self.arrival.at > self.world.end - _LATELY
        reply = self.odds.reply(self.severity, neglect=_NEGLECT_LATELY if lately else _NEGLECT)
        self.late = reply.late
        due = self._when_to_reply(self.arrival.at + reply.after, late=reply.late)
        if reply.late and self.odds.hit(0.5):
            yield from self._until(due - timedelta(minutes=self.odds.between(5, 60)))
            self._do("press", self._accepting() if self.odds.hit(0.5) else self._owner(), text=self._say("press"))
        yield from self._until(due)
        self._promise()
        if reply.late and self.odds.hit(0.25):
            asked = self.world.office(self.at + timedelta(hours=self.odds.between(4, 60)), self.rng)
            self.stage.enter(asked, self._excuse())

    def _when_to_reply(self, due: datetime, *, late: bool) -> datetime:
        """What would fall into the night is mostly done before going home, or else the next morning."""
        if self.severity != "general" or self.world.schedule.is_working(due):
            return due
        if late or not self.odds.hit(0.9):
            return self.world.office(due, self.rng)
        return self.world.schedule.end_of_working_day(self.at) + timedelta(minutes=self.odds.between(1, 90))

    def _promise(self) -> None:
        self._took = self.odds.work(self.type, self.severity)
        expected = self._expected()
        self._do(
            "respond",
            self._handler(),
            contacted_by=self._way(),
            way=self._say("respond_way"),
            expected_at=f"{clock.local(expected):%Y-%m-%dT%H:%M}",
            measures=self._say("respond_measures"),
        )

    def _expected(self) -> datetime:
        """Until when it is promised: mostly with something to spare, sometimes too early."""
        if self.odds.hit(0.08):
            return self.at + max(self._took * self.odds.between(0.4, 0.9), timedelta(minutes=40))
        spare = self._took * self.odds.between(0.4, 1.2) + timedelta(hours=self.odds.between(2, 9))
        return self.world.awake(self._at_work(self.at + self._took) + spare)

    def _excuse(self) -> Iterator[datetime]:
        """A side story: the director forgives a miss, which stays on record."""
        missed = Deadline.objects.filter(record=self.ticket.pk, missed_at__isnull=False, excused_at__isnull=True)
        deadline = missed.order_by("id").first()
        if deadline is not None:
            director = self.world.cast.holding("service_director")[0]
            self._do("excuse", director, deadline=deadline.pk, reason=self._say("excuse_reason"))
        return
        yield

    # --- work -----------------------------------------------------------------------------------------------------
    def _work(self) -> Iterator[datetime]:
        """What happens between the response and the solution."""
        yield from self._forgotten()
        began, length = self.at, self._took
        beats = self._beats()
        for position, beat in enumerate(beats, start=1):
            share = (position - self.odds.between(0.2, 0.8)) / (len(beats) + 1)
            yield from self._until(self._at_work(max(began + length * share, self.at)))
            yield from beat()
        yield from self._until(self._at_work(max(began + length, self.at)))
        self._resolve()

    def _at_work(self, moment: datetime) -> datetime:
        if self.severity == "general":
            return self.world.office(moment, self.rng)
        return self.world.awake(moment) if self.severity == "urgent" else moment

    def _beats(self) -> list[Callable[[], Iterator[datetime]]]:
        technical = self.type == "technical"
        possible: list[tuple[float, Callable[[], Iterator[datetime]]]] = [
            (0.11, self._note),
            (0.08, self._hand_over),
            ((0.5 if self.issue.needs_rd else 0.06) if technical else 0, self._ask_rd),
            (0.12, self._wait_for_customer),
            (0.04, self._judge_anew),
            (0.04, self._press),
            (0.03, self._ask_for_details),
            (0.03, self._copy),
            (0.10, self._call),
        ]
        beats = [beat for share, beat in possible if self.odds.hit(share)]
        self.rng.shuffle(beats)
        return beats

    def _note(self) -> Iterator[datetime]:
        self._do("note", self._handler(), text=self._say("note"))
        return
        yield

    def _call(self) -> Iterator[datetime]:
        teller = self._handler() if self.odds.hit(0.5) else self._accepting()
        self._tell(teller)
        return
        yield

    def _hand_over(self) -> Iterator[datetime]:
        role = {"technical": "support_engineer", "application": "trainer", "training_request": "trainer"}
        others = self.world.cast.holding(role.get(self.type, "account_manager"))
        following = self.rng.choice([user for user in others if user.pk != self.ticket.handler_id])
        done, left = self._say("handover_done"), self._say("handover_left")
        self._do("hand_over", self._handler(), handler=following, done=done, leftovers=left)
        yield from self._until(self._at_work(self.at + timedelta(minutes=self.odds.between(20, 300))))
        self._promise()
        self._took = min(self._took, timedelta(hours=30))

    def _ask_rd(self) -> Iterator[datetime]:
        self._do("escalate_to_rd", self._handler(), question=self._say("rd_question"), tried=self._say("rd_tried"))
        hours = self.odds.pause(50) if self.severity == "general" else self.odds.between(0.5, 6)
        yield from self._until(self._at_work(self.at + timedelta(hours=hours)))
        engineer = self.world.cast.someone("rd_engineer", self.rng)
        self._do(
            "return_from_rd",
            engineer,
            method=self._say("rd_method"),
            advice=self._say("rd_advice"),
            result=self._say("rd_result"),
            leftovers=self._say("rd_left"),
        )

    def _wait_for_customer(self) -> Iterator[datetime]:
        self._do("wait_for_customer", self._handler(), asked=self._say("wait_asked"))
        hours = self.odds.pause(60) if self.severity == "general" else self.odds.between(0.3, 3)
        yield from self._until(self._at_work(self.at + timedelta(hours=hours)))
        answering = self._customer() or (self._accepting() if self.odds.hit(0.6) else self._handler())
        self._do("customer_answered", answering, answer=self._say("customer_answer"))

    def _judge_anew(self) -> Iterator[datetime]:
        to, why = {"general": ("urgent", "raise_reason"), "urgent": ("general", "lower_reason")}.get(
            self.severity, ("urgent", "lower_reason")
        )
        severity = self.world.severities[to]
        self._do("change_severity", self._accepting(), severity=severity, reason=self._say(why))
        self.severity = to
        self._plan_contact()
        return
        yield

    def _press(self) -> Iterator[datetime]:
        self._do("press", self._owner(), text=self._say("press"))
        return
        yield

    def _ask_for_details(self) -> Iterator[datetime]:
        self._do("ask_for_details", self._handler(), asked=self._say("details_asked"), contacted_by=self._way())
        return
        yield

    def _copy(self) -> Iterator[datetime]:
        reader = self.world.cast.someone(self.rng.choice(("sales_manager", "consultant", "upgrade_lead")), self.rng)
        self._do("copy_to", self._accepting(), people=[reader.pk], text=self._say("note"))
        return
        yield

    # --- the end --------------------------------------------------------------------------------------------------
    def _resolve(self) -> None:
        self._next_contact = None
        cause = self.issue.cause or self._say("cause") if self.severity != "general" else ""
        self._do(
            "resolve",
            self._handler(),
            method=self.issue.method,
            course=self._say("course"),
            result=self.issue.result,
            leftovers=self._say("leftovers"),
            cause=cause,
        )

    def _finish(self) -> Iterator[datetime]:
        """The customer confirms, complains, or lets the time pass until it closes by itself."""
        if self.odds.hit(0.035):
            yield from self._wait(self.world.office(self.at + timedelta(hours=self.odds.between(2, 90)), self.rng))
            yield from self._reopen()
        if self.odds.hit(0.84):
            asked = self.world.office(self.at + timedelta(hours=self.odds.between(1, 60)), self.rng)
            if asked > self.ticket.resolved_at + _PATIENCE:
                return  # a long holiday: it closes by itself
            yield from self._wait(asked)
            score = self.odds.satisfaction(late=self.late)
            comment = self._say("comment", str(score))
            answering = self._customer() or (self._accepting() if self.odds.hit(0.8) else self._owner())
            self._do("confirm", answering, satisfaction=score, comment=comment)

    def _reopen(self) -> Iterator[datetime]:
        if self.at > self.ticket.resolved_at + _PATIENCE:
            return
        self._do("reopen", self._customer() or self._accepting(), reason=self._say("reopen_reason"))
        self.late = self.late or self.odds.hit(0.4)
        yield from self._wait(self._at_work(self.at + timedelta(minutes=self.odds.between(15, 180))))
        self._promise()
        self._plan_contact()
        yield from self._until(self._at_work(self.at + min(self._took, timedelta(hours=40))))
        self._resolve()
