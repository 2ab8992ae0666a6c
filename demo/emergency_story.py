"""One emergency's life: the call in the night, the work on the customer's platform, and the morning after."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from demo.ticket_story import TicketStory
from vault.models import Firewall, LoginMethod

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from demo.texts import Issue

_SPEEDS = (3, 3, 3, 2, 2, 1)
_OUTCOMES = ("solved", "solved", "solved", "solved", "partly")


class EmergencyStory(TicketStory):
    """An emergency with those who have to do with it."""

    def _issue(self) -> tuple[str, Issue, str]:
        return "technical", self.world.author.write("fault", self.rng), "critical"

    def tell(self) -> Iterator[datetime]:
        """From the call to the account manager's questions."""
        self._record()
        self._plan_contact()
        yield from self._wait_for(3, 9)
        self._log_in()
        yield from self._wait_for(4, 25)
        self._promise()
        if self.odds.hit(0.2):
            yield from self._wait_for(20, 50)
            self._cry_for_help()
        yield from self._wait_for(10, 40)
        self._do("tell_by_phone", self._handler(), person=self.contact.name, summary=self._say("told_at_night"))
        self._plan_contact()
        yield from self._until(self.at + min(self._took, timedelta(hours=5)))
        self._resolve()
        yield from self._tell_the_result()
        self.stage.enter(self._after_opening(40), self._follow_up())
        yield from self._wait(self._after_opening(30))
        if self.ticket.specialist_id is None:
            self._do("take_over", self.specialist)
        yield from self._finish()

    def _record(self) -> None:
        sites = list(self.organisation.sites.all())
        disturbed = self.odds.hit(0.4)
        self._do(
            "record_emergency",
            self.world.on_duty(self.at),
            product_related=True,
            major_failure=not disturbed or self.odds.hit(0.5),
            teaching_disturbed=disturbed,
            phone=self.contact.mobile,
            email=self.contact.email,
            site=self.rng.choice(sites),
            **self._about(),
        )

    def _log_in(self) -> None:
        """Ask for the access details unless they are on file, and open the password."""
        if self.ticket.access_id is None:
            number = self.rng.randrange(10, 250)
            self._do(
                "record_access",
                self._handler(),
                site=self.ticket.site_id,
                address=f"10.20.{number % 30}.{number}",
                username=self.rng.choice(("root", "bbadmin", "opsuser")),
                password=f"demo-{self.rng.randrange(10**8):08d}",
                login_method=self.rng.choice(LoginMethod.values[:3]),
                firewall=self.rng.choice(Firewall.values),
            )
        self._do("reveal_access", self._handler(), reason=self._say("reveal_reason"))

    def _cry_for_help(self) -> None:
        helper = self.world.cast.someone("rd_engineer", self.rng)
        trouble = self.rng.choice(("stubborn", "untimed", "unknown"))
        details = self._say("help_details")
        self._do("cry_for_help", self._handler(), trouble=trouble, details=details, people=[helper.pk])

    def _tell_the_result(self) -> Iterator[datetime]:
        """By phone and by email, mostly at once."""
        yield from self._wait(self.at + timedelta(minutes=self.odds.between(2, 15)))
        said = self._say("told_result")
        self._do("tell_by_phone", self._handler(), person=self.contact.name, summary=said)
        yield from self._wait(self.at + timedelta(minutes=self.odds.between(3, 30)))
        self._do("tell_by_email", self._handler(), email=self.contact.email, summary=said)

    def _after_opening(self, minutes: int) -> datetime:
        """Some time after the department opens again."""
        opening = self.world.schedule.next_working_moment(self.at)
        return opening + timedelta(minutes=self.odds.between(5, minutes))

    def _follow_up(self) -> Iterator[datetime]:
        """A side story: what the customer says of it when the account manager asks."""
        self._do(
            "follow_up",
            self._owner(),
            speed=self.rng.choice(_SPEEDS),
            outcome=self.rng.choice(_OUTCOMES),
            asked_satisfaction=self.odds.satisfaction(late=False),
            opinions=self._say("opinions"),
            suggestions=self._say("suggestions"),
        )
        return
        yield

    def _finish(self) -> Iterator[datetime]:
        """The customer confirms; a specialist asks until they do, since it does not close by itself."""
        asked = self.world.office(self.at + timedelta(hours=self.odds.between(1, 40)), self.rng)
        yield from self._wait(asked)
        score = self.odds.satisfaction(late=False)
        self._do("confirm", self._accepting(), satisfaction=score, comment=self._say("comment", str(score)))

    def _expected(self) -> datetime:
        """Until when it is promised: the same night."""
        return self.at + self._took + timedelta(hours=self.odds.between(1, 3))
