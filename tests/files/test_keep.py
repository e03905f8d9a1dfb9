"""Nine refusals with their own words, photographs drawn anew, everything encrypted."""

import io
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from files import images, storage
from files.forms import UploadField, UploadsField
from files.models import Attachment
from files.refusals import MESSAGES, MOST_FILES
from files.services import LIMIT, content_of, erase, keep, keep_all, keep_content, reseal
from files.tasks import AT_WORK
from jobs import worker
from jobs.services import enqueue
from journal.models import Entry
from tests.files.samples import AUDIO, NOT_SOUND, hostile, packed_pdf, pdf, photo, upload, workbook

pytestmark = pytest.mark.django_db
OWNER = ("tests.owner", "abcdefghjkmn")


def kept(content: bytes, purpose: str = "consent_evidence", name: str = "photo.jpg") -> Attachment:
    return keep(upload=upload(content, name), purpose=purpose, owner=OWNER, by=SYSTEM, at=clock.now())


def refused(content: bytes, purpose: str = "consent_evidence", name: str = "photo.jpg") -> Refused:
    before = on_disk()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        kept(content, purpose, name)
    assert refusal.value.field == "upload"
    assert not Attachment.objects.exists()
    assert not Entry.objects.filter(action="file.kept").exists()
    assert on_disk() == before
    return refusal.value


def on_disk() -> set[str]:
    return {path.name for path in Path(settings.PRIVATE_DIR).rglob("*") if path.is_file()}


# --- the nine -----------------------------------------------------------------------------------------------


def test_nine_uploads_are_refused_each_in_its_own_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 1000 * 1000)
    said = {}
    for refusal in (
        refused(b""),
        refused(bytes(LIMIT + 1)),
        refused(b"MZ\x90\x00 a program", name="photo.jpg"),
        refused(pdf(), "identity_document", name="photo.jpg"),
        refused(photo()[:300]),
        refused(photo((1001, 1000))),
        refused(pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")),
    ):
        said[refusal.code] = str(refusal.message)
    for uploads in ([], [upload(photo())] * (MOST_FILES + 1)):
        with pytest.raises(Refused) as caught:
            keep_all(uploads=uploads, purpose="voucher", owner=OWNER, by=SYSTEM, at=clock.now())
        said[caught.value.code] = str(caught.value.message)
        assert not Attachment.objects.exists()

    assert set(said) == set(MESSAGES)
    assert len(set(said.values())) == 9


def test_missing_upload_is_refused():
    with pytest.raises(Refused) as refusal:
        keep(upload=None, purpose="voucher", owner=OWNER, by=SYSTEM, at=clock.now())

    assert refusal.value.code == "no_file"


def test_refusal_of_a_kind_names_what_fits():
    assert "JPG" in str(refused(AUDIO["audio/wav"], "identity_document").message)


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"/Encrypt 5 0 R"),
        pdf(b"/Names << /EmbeddedFiles 3 0 R >>"),
        pdf(b"/AA << /O << /S /Launch /F (cmd.exe) >> >>"),
        pdf(b"/OpenAction << /S /J#61vaScript >>"),
        packed_pdf(b"<< /S /JavaScript /JS (x) >>"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    ],
)
def test_locked_and_active_documents_are_refused(content: bytes):
    assert refused(content).code == "closed_document"


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/vbaProject.bin": b"macro"},
        {"xl/embeddings/oleObject1.bin": b"inside"},
        {
            "xl/sharedStrings.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
        },
        {"xl/worksheets/sheet1.xml": b"0" * (201 * 1024 * 1024)},
    ],
)
def test_dangerous_tables_are_refused(parts: dict[str, bytes]):
    assert refused(workbook(parts), "household_import").code == "closed_document"


@pytest.mark.parametrize("name", NOT_SOUND)
def test_films_and_telephone_formats_are_not_taken_for_sound(name: str):
    assert refused(NOT_SOUND[name]).code == "unknown_kind"


def test_page_content_that_merely_speaks_of_programs_is_kept():
    words = b"4 0 obj\n<< /Length 40 >>\nstream\n/JavaScript is a language; /Encrypt too\nendstream\nendobj\n"

    assert kept(pdf(end=words + b"%%EOF")).content_type == "application/pdf"


# --- what is kept -------------------------------------------------------------------------------------------


def test_photo_loses_its_place_and_stands_upright():
    content = content_of(kept(photo((600, 400))))

    image = Image.open(io.BytesIO(content))
    assert image.size == (400, 600)
    assert not image.getexif()
    assert b"SECRET-PHONE-MODEL" not in content
    assert b"Exif" not in content


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("WEBP", "RGB")]
)
def test_every_kind_of_picture_becomes_a_plain_photo(form: str, mode: str):
    attachment = kept(photo((3000, 1500), form, exif=False, mode=mode))

    image = Image.open(io.BytesIO(content_of(attachment)))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (2000, 1000))
    assert attachment.content_type == "image/jpeg"


def test_what_hides_behind_a_photo_is_gone():
    content = content_of(
        kept(photo() + workbook({"xl/hidden.xml": b"hidden"}) + b"<script>alert(1)</script>")
    )

    assert b"PK" not in content[-200:]
    assert b"<script>" not in content


@pytest.mark.parametrize("kind", AUDIO)
def test_recordings_are_kept_where_they_are_welcome(kind: str):
    attachment = kept(AUDIO[kind], "story", name="anything.bin")

    assert attachment.content_type == kind
    assert content_of(attachment) == AUDIO[kind]


def test_tables_are_kept_for_an_import_and_nowhere_else():
    assert kept(workbook(), "household_import").content_type.endswith(".sheet")
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        assert kept("户主,电话\n王秀兰,无\n".encode(encoding), "household_import").content_type == "text/csv"


def test_text_is_no_table_where_none_is_asked_for():
    assert refused("户主,电话\n".encode(), "voucher").code == "unknown_kind"


def test_content_lies_encrypted_outside_static_and_opens_for_its_own_row_alone():
    first, second = kept(AUDIO["audio/wav"], "story"), kept(AUDIO["audio/amr"], "story")
    place = storage.place_of(first.public_id)

    sealed = place.read_bytes()
    assert b"WAVE" not in sealed
    assert AUDIO["audio/wav"][:40] not in sealed
    assert Path(settings.STATIC_ROOT) not in place.parents
    assert place.stat().st_mode & 0o077 == 0
    place.write_bytes(storage.place_of(second.public_id).read_bytes())
    with pytest.raises(Exception, match="attachment:"):
        content_of(first)


def test_keeping_is_journaled_without_the_files_name():
    kept(photo(), name="王秀兰身份证.jpg")

    entry = Entry.objects.get(action="file.kept")
    assert entry.parameters == {
        "purpose": "consent_evidence",
        "size": Attachment.objects.get().size,
        "owner": OWNER[1],
    }
    assert not any("王" in str(value) for value in Attachment.objects.values().get().values())


def test_own_content_is_kept_as_it_is():
    attachment = keep_content(
        content=b"a;b", content_type="text/csv", purpose="report", owner=OWNER, by=SYSTEM, at=clock.now(),
        data_class="ordinary",
    )  # fmt: skip

    assert content_of(attachment) == b"a;b"


def test_content_is_sealed_anew_with_the_newest_key(settings):
    attachment = kept(AUDIO["audio/wav"], "story")
    settings.FIELD_KEYS = {"2": "b" * 42 + "g=", **settings.FIELD_KEYS}

    reseal(attachment)

    assert storage.place_of(attachment.public_id).read_bytes().startswith(b"2\x00")
    assert content_of(attachment) == AUDIO["audio/wav"]


# --- what goes ----------------------------------------------------------------------------------------------


def test_erasing_leaves_a_tombstone_and_no_content(django_capture_on_commit_callbacks):
    attachment = kept(photo())
    with django_capture_on_commit_callbacks(execute=True):
        erase(attachment=attachment, by=SYSTEM, at=clock.now())
        erase(attachment=attachment, by=SYSTEM, at=clock.now())

    attachment.refresh_from_db()
    assert attachment.erased_at is not None
    assert attachment.sha256 == ""
    assert attachment.public_id not in on_disk()
    assert Entry.objects.filter(action="file.erased").count() == 1


def test_what_a_rolled_back_act_left_behind_is_removed_after_a_day(monkeypatch: pytest.MonkeyPatch):
    from files import tasks

    with transaction.atomic():
        stray = kept(photo())
        transaction.set_rollback(True)
    mine = kept(photo())
    job = enqueue("files.tidy", key="t", by=SYSTEM, at=clock.now())
    assert {stray.public_id, mine.public_id} <= on_disk()

    worker.perform(job.pk)
    assert stray.public_id in on_disk()

    monkeypatch.setattr(tasks, "AT_WORK", -AT_WORK)
    done = worker.perform(enqueue("files.tidy", key="u", by=SYSTEM, at=clock.now()).pk)
    assert done is not None
    assert done.result["removed"] >= 1
    assert stray.public_id not in on_disk()
    assert mine.public_id in on_disk()


# --- hostile ------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::UserWarning:PIL.TiffImagePlugin")  # place data that is broken is skipped
def test_five_hundred_hostile_uploads_are_kept_clean_or_refused():
    began = time.monotonic()
    outcomes = set()
    for number in range(500):
        name, content = hostile(number)
        try:
            with transaction.atomic():
                attachment = kept(content, "delegation_evidence", name)
        except Refused as refusal:
            outcomes.add(refusal.code)
        else:
            outcomes.add(attachment.content_type)
            if attachment.content_type == "image/jpeg":
                with Image.open(io.BytesIO(content_of(attachment))) as image:
                    image.load()

    assert time.monotonic() - began < 60
    assert outcomes <= {*MESSAGES, "image/jpeg", "application/pdf", "audio/wav", "audio/mpeg"}
    assert {"unknown_kind", "damaged_file", "image/jpeg"} <= outcomes


# --- form fields --------------------------------------------------------------------------------------------


def test_field_offers_what_fits_and_leaves_the_refusing_to_the_service():
    field = UploadField(purpose="delegation_evidence")

    assert field.widget.attrs["accept"] == ".amr,.m4a,.mp3,.ogg,.pdf,.wav,image/*"
    assert field.clean(SimpleUploadedFile("a.jpg", b"")).size == 0


def test_field_for_several_files_gives_a_list():
    field = UploadsField(purpose="voucher", required=False)

    assert field.clean([]) == []
    assert len(field.clean([upload(photo()), upload(photo())])) == 2
