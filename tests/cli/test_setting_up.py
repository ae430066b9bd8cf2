"""Making a desk, and looking whether it works."""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace

from secrel.adapters.localforge.people import NewIssue
from secrel.cli.main import run
from secrel.settings import load_settings
from secrel.wiring import desk_at, open_forge, open_process
from secrel.words.errors import Exit
from tests.cli.desks import DUE, NAMES, NOW, User


def test_a_desk_without_a_repository_says_which_is_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "desk")], clock=lambda: NOW) == Exit.DONE
    told = capsys.readouterr()
    assert "needed vendor/product" in told.out
    assert '# "vendor/product"' in (tmp_path / "desk" / "secrel.toml").read_text("utf-8")
    assert f"secrel doctor --desk {tmp_path / 'desk'}" in told.err
    assert run(["doctor", "--desk", str(tmp_path / "desk")]) == Exit.MISUSED
    told = capsys.readouterr()
    assert "vendor/product has none" in told.out
    assert f"name it in {tmp_path / 'desk' / 'secrel.toml'}" in told.out


@pytest.mark.parametrize("lacks", [("git",), ("cna",), ("git", "cna")])
def test_a_vendor_says_what_they_do_not_have_and_nothing_asks_for_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lacks: tuple[str, ...]
) -> None:
    desk = tmp_path / "desk"
    names = NAMES[: NAMES.index("--cna")] if "cna" in lacks else NAMES
    said = [word for one in lacks for word in ("--without", one)]
    assert run(["init", str(desk), *names, *said], clock=lambda: NOW) == Exit.DONE
    told = capsys.readouterr()
    assert ("needed vendor/product" in told.out) == ("git" not in lacks)
    assert "[cna]" not in told.err
    assert run(["doctor", "--desk", str(desk)]) == (Exit.DONE if "git" in lacks else Exit.MISUSED)
    told = capsys.readouterr()
    assert "still an example" not in told.out
    assert ("vendor/product has none" in told.out) == ("git" not in lacks)
    assert run(["init", str(desk), "--without", "git"], clock=lambda: NOW) == Exit.MISUSED
    assert "change `without` there" in capsys.readouterr().err
    assert run(["init", str(tmp_path / "other"), "--process", "gitlab", *said], clock=lambda: NOW) == Exit.MISUSED


def test_the_handbooks_own_process_needs_no_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "desk"), "--process", "gitlab"], clock=lambda: NOW) == Exit.DONE
    assert not (tmp_path / "desk" / "process.toml").exists()
    assert 'process = "gitlab"' in (tmp_path / "desk" / "secrel.toml").read_text("utf-8")
    assert "gitlab-org/security/gitlab" in capsys.readouterr().out


def test_what_is_there_is_kept(user: User) -> None:
    before = {file: file.read_bytes() for file in user.folder.glob("*.*ml")}
    assert run(["init", str(user.folder)], clock=lambda: NOW) == Exit.DONE
    assert "kept" in user.capsys.readouterr().out
    assert before == {file: file.read_bytes() for file in user.folder.glob("*.*ml")}


def test_a_pair_that_is_none_and_a_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "desk"), "--repository", "product"]) == Exit.MISUSED
    assert "'product' is no pair" in capsys.readouterr().err
    (tmp_path / "taken").write_text("", "utf-8")
    assert run(["init", str(tmp_path / "taken" / "desk")]) == Exit.BROKEN
    assert "to go on:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text", "name", "said"),
    [
        ("secrel.toml", "process = 3", "settings", "secrel.toml:1"),
        ("secrel.toml", 'process = "nowhere.toml"', "process", "cannot read the process"),
        ("process.toml", "[[gate]]\n", "process", "process.toml"),
        ("team.toml", "[[person]]\n", "team", "team.toml"),
        ("forge.db", "no database", "forge", "no database"),
        ("journal.db", "no database", "journal", "cannot open the journal"),
        ("outbox", "a file", "outbox", "outbox"),
    ],
)
def test_the_doctor_names_what_is_wrong_and_what_mends_it(
    user: User, file: str, text: str, name: str, said: str
) -> None:
    (user.folder / file).write_text(text, "utf-8")
    answer = user("doctor", by="")
    assert answer.word == Exit.MISUSED
    (line,) = (line for line in answer.out.splitlines() if line.startswith("trouble"))
    assert line.split()[1] == name
    assert said in line
    assert "to go on: " in answer.out
    assert answer.err == ""


def test_the_doctor_says_which_tracking_issues_nobody_can_tell_apart(started: User) -> None:
    settings = load_settings(started.folder)
    process = open_process(settings)
    forge = open_forge(settings, process, lambda: NOW)
    labels = (process.labels["security"], process.labels["upcoming"])
    new = NewIssue(process.projects["tracking"], "The secret title", "bot", NOW, labels=labels)
    dayless, own = forge.people.open_issue(new), forge.people.issue_made("2027-01/tracking")
    alike = forge.people.open_issue(replace(new, due=DUE.date()))
    forge.close()
    assert own is not None
    answer = started("doctor")
    assert answer.word == Exit.MISUSED
    assert f"1 releases; no desk opened the tracking issues {dayless} and {alike}" in answer.out
    assert f"trouble  tracking     {dayless}: this open tracking issue has no due date" in answer.out
    assert f"2 open tracking issues of a planned release are due on 2027-01-13: {own.ref} and {alike}" in answer.out
    assert "to go on: give it the due date of its release, or close it" in answer.out
    assert new.title not in answer.out
    again = started("start", "--from", str(started.folder / "release.yaml"))
    assert again.word == Exit.MISUSED
    assert "2 open tracking issues could be that of this release" in again.err
    assert f"{own.ref} (opened " in again.err
    assert f"{alike} (opened " in again.err
    started("forge", "state", alike, "closed")
    started("forge", "state", dayless, "closed")
    assert "tracking" not in started("doctor").out
    assert started("start", "--from", str(started.folder / "release.yaml")).word == Exit.DONE


def test_the_doctor_asks_nothing_more_of_a_gitlab_that_does_not_answer(user: User) -> None:
    settings = user.folder / "secrel.toml"
    told = '[forge]\nkind = "gitlab"\nurl = "https://git.example"\n[forge.token]\nfile = "no-such-file"\n'
    settings.write_text(f'process = "process.toml"\n{told}', "utf-8")
    answer = user("doctor", by="")
    assert answer.word == Exit.MISUSED
    names = [line.split()[1] for line in answer.out.splitlines() if line.startswith(("ok", "trouble"))]
    assert "GitLab" in names
    assert "journal" in names, "what does not lie there is looked at all the same"
    assert "forge" not in names


def test_the_doctor_says_who_sits_there_and_when_it_is_nobody(user: User) -> None:
    assert "ok       you          amara: appsec" in user("doctor", by="Amara").out
    answer = user("doctor", by="mallory")
    assert answer.word == Exit.MISUSED
    assert "trouble  you          'mallory' is not in the team" in answer.out
    assert "set SECREL_BY to a username of team.toml" in answer.out
    (user.folder / "team.toml").unlink()
    assert " you " not in user("doctor", by="mallory").out


def test_a_path_that_is_no_repository_is_named(user: User) -> None:
    settings = user.folder / "secrel.toml"
    settings.write_text(settings.read_text("utf-8").replace("product.git", "team.toml"), "utf-8")
    answer = user("doctor", by="")
    assert "is no git repository" in answer.out
    told = user("doctor", "--format", "markdown", by="")
    assert "- [ ] **repository:**" in told.out


def test_a_machine_without_git_is_told(user: User, tmp_path: Path) -> None:
    answer = user.as_process("doctor", by="", PATH=str(tmp_path))
    assert answer.word == Exit.MISUSED
    assert "git does not answer" in answer.out


def test_a_file_that_cannot_be_written_is_named(user: User) -> None:
    (user.folder / "release.yaml").unlink()
    (user.folder / "release.yaml").symlink_to(user.folder / "nowhere" / "release.yaml")
    user.capsys.readouterr()
    assert run(["init", str(user.folder)], clock=lambda: NOW) == Exit.BROKEN
    told = user.capsys.readouterr()
    assert f"{user.folder / 'release.yaml'}: cannot write" in told.err
    assert "to go on:" in told.err


def test_the_doctor_names_examples_and_a_real_desk_publishes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "desk"
    assert run(["init", str(folder), "--repository", f"vendor/product={folder / 'site.git'}"], clock=lambda: NOW) == 0
    told = capsys.readouterr()
    assert "change before anything is published" in told.err
    assert "[cna] short_name, requester, email, org_id" in told.err
    assert run(["doctor", "--desk", str(folder)]) == Exit.BLOCKED
    assert capsys.readouterr().out.count("change   example      still an example") == 3
    assert desk_at(folder, "amara").examples()[2] == "[cna] short_name, requester, email, org_id"
    assert run(["init", str(folder), *NAMES], clock=lambda: NOW) == 0
    assert "change before" not in capsys.readouterr().err
    assert run(["doctor", "--desk", str(folder)]) == Exit.DONE
    assert desk_at(folder, "amara").examples() == ()


def test_examples_of_a_process_that_ships_need_a_file_of_ones_own(user: User) -> None:
    settings = user.folder / "secrel.toml"
    settings.write_text(settings.read_text("utf-8").replace("process.toml", "generic"), "utf-8")
    answer = user("doctor", by="")
    assert answer.word == Exit.BLOCKED
    assert f"name a process file of your own in {settings}" in answer.out


def test_a_repository_that_is_named_later_is_written_down(tmp_path: Path) -> None:
    with contextlib.chdir(tmp_path):
        assert run(["init", "desk"], clock=lambda: NOW) == Exit.DONE
        assert run(["init", "desk", "--repository", "vendor/product=product"], clock=lambda: NOW) == Exit.DONE
    assert load_settings(tmp_path / "desk").repositories["vendor/product"].resolve() == tmp_path / "product"
    assert "# " + '"vendor/product"' not in (tmp_path / "desk" / "secrel.toml").read_text("utf-8")


@pytest.mark.parametrize("site", ["vendor/site", "larkspur/pages"])
def test_a_desk_that_names_its_sites_gets_no_others_when_it_is_made_again(tmp_path: Path, site: str) -> None:
    desk = tmp_path / "desk"
    given = ["--repository", "vendor/site=pages", "--repository", "vendor/site-private=drafts"]
    assert run(["init", str(desk), *given], clock=lambda: NOW) == Exit.DONE
    for name in ("process.toml", "secrel.toml"):
        text = (desk / name).read_text("utf-8")
        (desk / name).write_text(text.replace('"vendor/site"', f'"{site}"'), "utf-8")
    before = (desk / "secrel.toml").read_bytes()
    assert run(["init", str(desk), "--vendor", "Larkspur Works"], clock=lambda: NOW) == Exit.DONE
    assert (desk / "secrel.toml").read_bytes() == before
    assert [path.name for path in desk.glob("site*")] == []


def test_settings_without_repositories_say_where_to_name_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secrel.toml").write_text('process = "generic"\n', "utf-8")
    assert run(["init", str(tmp_path), "--repository", "vendor/product=product"]) == Exit.MISUSED
    assert "secrel.toml: there is no [repositories]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--site", "www.larkspur"), "--site: 'www.larkspur' is no address"),
        (("--site", "https://www.larkspur/?a=b"), "--site: 'https://www.larkspur/?a=b' is no address"),
        (("--contact", "security@www.larkspur"), "--contact: 'security@www.larkspur' is no address"),
        (("--sender", "larkspur"), "--sender: 'larkspur' is no mail address"),
        (("--cna", "larkspur"), "--cna: 'larkspur' is no id of a CNA"),
        (("--cna-name", "a\nb"), "--cna-name is not one line"),
        (("--vendor", "Larkspur", "--process", "gitlab"), "the process gitlab has its names"),
    ],
)
def test_a_name_that_cannot_be_used_makes_no_desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert run(["init", str(tmp_path / "desk"), *words]) == Exit.MISUSED
    assert said in capsys.readouterr().err
    assert not (tmp_path / "desk").exists()


def test_what_a_person_wrote_is_not_replaced_by_an_option(user: User) -> None:
    before = (user.folder / "process.toml").read_bytes()
    assert run(["init", str(user.folder), "--vendor", "Somebody else"], clock=lambda: NOW) == Exit.MISUSED
    assert "[product] vendor is 'Larkspur Works' there, and was given otherwise" in user.capsys.readouterr().err
    without = before.replace(b"short_name", b"long_name")
    (user.folder / "process.toml").write_bytes(without)
    assert run(["init", str(user.folder), "--cna-name", "L"], clock=lambda: NOW) == Exit.MISUSED
    assert "[cna] has no short_name" in user.capsys.readouterr().err
    assert (user.folder / "process.toml").read_bytes() == without


@pytest.mark.parametrize("project", ["vendor/product", "orrery/mail/server", "server"])
def test_a_new_desk_reads_how_the_product_names_its_branches_and_tags(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], project: str
) -> None:
    product = tmp_path / "product"
    git = ("git", "-C", str(product), "-c", "user.name=Amara", "-c", "user.email=amara@vendor.invalid")
    subprocess.run(["git", "init", "--quiet", "--initial-branch", "trunk", str(product)], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "--message", "1.2.0"], check=True)
    for made in (("tag", "app-1.2.0"), ("branch", "release/1.2"), ("switch", "--quiet", "--detach")):
        subprocess.run([*git, *made], check=True)
    desk = tmp_path / "desk"
    words = ["init", str(desk), "--repository", f"{project}={product}", "--repository", f"beside={product}"]
    assert run(words, clock=lambda: NOW) == Exit.DONE
    said = capsys.readouterr().out
    assert f'read   tag = "app-{{version}}" from the names in {product}' in said
    assert [line for line in said.splitlines() if line.startswith("needed")] == [
        f"needed beside: a [[product]] with this repository in {desk / 'process.toml'}"
    ]
    process = open_process(load_settings(desk))
    told = process.products[0]
    assert told.repository == project
    group = project.rpartition("/")[0] or "vendor"
    assert process.projects["tracking"] == f"{group}/security", "where the product lies, the rest does"
    assert (told.default_branch, told.branch, told.tag) == ("trunk", "release/{series}", "app-{version}")
    run(["doctor", "--desk", str(desk)])
    assert "change   names" not in capsys.readouterr().out
    file = desk / "process.toml"
    file.write_text(file.read_text("utf-8").replace('"app-{version}"', '"v{version}"'), "utf-8")
    run(["doctor", "--desk", str(desk)])
    told_now = capsys.readouterr().out
    assert f"change   names        {project} has no tag such as 'v1.2.3'" in told_now
    assert f"to go on: correct tag of [[product]] product in {file}" in told_now


def test_an_example_that_was_given_gives_way_to_what_is_said_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["init", str(tmp_path / "desk"), "--sender"]
    assert run([*words, "security@vendor.test"], clock=lambda: NOW) == Exit.DONE
    assert "names under .example, .test and .invalid are nobody's" in capsys.readouterr().err
    assert run([*words, "security@vendor"], clock=lambda: NOW) == Exit.MISUSED
    assert run([*words, "security@mail.vendor"], clock=lambda: NOW) == Exit.DONE
    assert open_process(load_settings(tmp_path / "desk")).addresses["sender"] == "security@mail.vendor"
    assert run([*words, "other@mail.vendor"], clock=lambda: NOW) == Exit.MISUSED
