"""The customers: sixty invented universities with contacts, platforms and service periods, two of them with logins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from core import clock
from customers.models import Contact, Organisation, Site
from demo.logins import CUSTOMER_LOGINS, PASSWORD
from demo.sources import read
from people.models import Region, User

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from demo.people import Cast

_EXPIRED_SHARE = 0.1


def win(cast: Cast, end: datetime, rng: Random) -> list[Organisation]:
    """Make all customers; an account manager of the region owns each."""
    regions = {region.code: region for region in Region.objects.all()}
    made: list[Organisation] = []
    for code, lines in read("universities").items():
        owners = [u for u in cast.holding("account_manager") if regions[code] in u.regions.all()]
        for position, line in enumerate(lines):
            owner = owners[position % len(owners)]
            made.append(_win(line, regions[code], owner, end, rng))
    _give_logins(made)
    return made


def _win(line: str, region: Region, owner: User, end: datetime, rng: Random) -> Organisation:
    name, short, english, city, domain = (part.strip() for part in line.split("|"))
    today = clock.local(end).date()
    since = today - timedelta(days=rng.randint(500, 3000))
    left = -rng.randint(5, 200) if rng.random() < _EXPIRED_SHARE else rng.randint(20, 900)
    organisation = Organisation.objects.create(
        name=name,
        short_name=short,
        name_en=english,
        region=region,
        account_manager=owner,
        city=city,
        address=read("contacts")["street"].format(city=city, number=rng.randint(1, 899)),
        service_from=since,
        service_to=today + timedelta(days=left),
    )
    for position in range(rng.randint(3, 5)):
        _meet(organisation, domain, city, position, rng)
    _install(organisation, domain, rng)
    return organisation


def _meet(organisation: Organisation, domain: str, city: str, position: int, rng: Random) -> None:
    words = read("contacts")
    area = words["areas"].get(city, f"0{rng.randint(311, 998)}")
    Contact.objects.create(
        organisation=organisation,
        name=rng.choice(words["surnames"]) + rng.choice(words["given"]),
        title=rng.choice(words["titles"]),
        phone=f"{area}-{rng.randint(60000000, 89999999)}",
        mobile=f"1{rng.choice((38, 39, 36, 58, 86))}0{rng.randint(0, 9999999):07d}",
        fax=f"{area}-{rng.randint(60000000, 89999999)}" if position == 0 else "",
        email=f"{['lib', 'jwc', 'nic', 'xxzx', 'etc'][position]}{rng.randint(1, 99)}@{domain}.example",
        primary=position == 0,
    )


def _install(organisation: Organisation, domain: str, rng: Random) -> None:
    words = read("contacts")
    product, version = rng.choice(words["products"]), rng.choice(words["versions"])
    for position, name in enumerate(words["platforms"][: rng.randint(1, 3)]):
        Site.objects.create(
            organisation=organisation,
            name=name,
            url=f"https://{['course', 'centre', 'exam'][position]}.{domain}.example",
            product=product,
            version=version,
        )
    if rng.random() < 0.3:  # noqa: PLR2004 - about every third has a place to try things
        Site.objects.create(
            organisation=organisation,
            name=words["test_platform"],
            url=f"https://test.{domain}.example",
            product=product,
            version=version,
            environment=Site.Environment.TEST,
        )


def _give_logins(organisations: list[Organisation]) -> None:
    password = make_password(PASSWORD)
    for login, organisation in zip(CUSTOMER_LOGINS, organisations[:: len(organisations) // 2], strict=False):
        contact = organisation.contacts.get(primary=True)
        contact.user = User.objects.create(
            username=login,
            display_name=contact.name,
            email=contact.email,
            mobile=contact.mobile,
            is_customer=True,
            password=password,
        )
        contact.save()
