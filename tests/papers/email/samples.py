"""Mails that the tests of both rooms share: made from Acme's release, with everything around it."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from secrel.papers.email.mail import render_email
from secrel.papers.email.message import Envelope, Sender
from secrel.papers.email.written import Email, MailLinks
from secrel.words.advisories import Contents
from secrel.words.releases import Kind, Product
from secrel.words.vectors import Vector
from tests.builders import DUE, a_contents, a_product, a_release, a_shipment, an_advisory

POST = "https://acme.example/releases/2026/11/25/security-release-acme-app-18-5-2-released/"
LINKS = MailLinks(POST, "https://acme.example/company/contact/", "https://acme.example/security-releases.xml")
ENVELOPE = Envelope(
    Sender("Acme Security", "security@acme.example"), "notices@acme.example", DUE + timedelta(hours=1), "acme.example"
)
FORMS = ("2023", "2026", "generic")
CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N"


def app() -> Product:
    """Acme's product, with a long name for the introduction."""
    return a_product(name="Acme App Community Edition (CE) and Enterprise Edition (EE)", short="Acme App")


def planned(form: str = "2023") -> Contents:
    """Seventeen fixes in three series."""
    release = a_release(shipments=(a_shipment(product=app()),), form=form)
    return a_contents(release, [an_advisory(number) for number in range(1, 18)])


def critical(form: str = "2023") -> Contents:
    """One critical fix in one version."""
    release = a_release(kind=Kind.UNPLANNED, shipments=(a_shipment(["18.5.2"], app()),), form=form)
    return a_contents(release, [an_advisory(1, ["18.5.2"], vector=Vector.parse(CRITICAL))])


def two_products(form: str = "2023") -> Contents:
    """Three versions of the main product, two of the runner."""
    runner = a_product(key="runner", name="Acme Runner", short="Acme Runner", repository="acme/runner")
    release = a_release(shipments=(a_shipment(product=app()), a_shipment(["18.5.1", "18.4.2"], runner)), form=form)
    return a_contents(release, [an_advisory(1), an_advisory(2, ["18.5.1", "18.4.2"], product="runner")])


def mail(contents: Contents, *, corrects: bool = False) -> Email:
    """The mail of these contents."""
    return render_email(contents, LINKS, ENVELOPE, corrects=corrects)


def mail_in_scripts() -> Email:
    """A mail of a product and a sender whose names are in several scripts."""
    product = a_product(name="App 日本語 naïve é 😀 Community Edition", short="App 日本語 naïve é 😀")
    told = a_contents(a_release(shipments=(a_shipment(product=product),), form="2026"), [an_advisory(1)])
    sender = Sender("Отдел безопасности «Acme», Sécurité, 安全更新公告", "security@acme.example")
    return render_email(told, LINKS, replace(ENVELOPE, sender=sender))
