"""Asks WebhookSignatures and other people's verifiers about the same random and mutated deliveries.

Every verdict has to be the same, but for the differences written in differences.md: there the module is stricter, or
the other library has no verdict because it raises something else than its own refusal. A difference that is not
written there, or that is written there and never seen, fails the run.

usage: interop.py JUDGE [--cases N] [--seed SEED]
"""

import argparse
import base64
import binascii
import collections
import datetime
import hashlib
import hmac
import json
import pathlib
import random
import re
import subprocess
import sys

import polar.webhooks
import standardwebhooks.webhooks
import stripe
import stripe._webhook

NOW = 1_700_000_000
HERE = pathlib.Path(__file__).parent


# --- The other verifiers, with their clocks stopped -------------------------------------------------------------------


class StoppedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.fromtimestamp(NOW, tz)


class StoppedTime:
    @staticmethod
    def time():
        return float(NOW)


standardwebhooks.webhooks.datetime = StoppedDatetime
polar.webhooks.time = StoppedTime
stripe._webhook.time = StoppedTime


def ask_standardwebhooks(case):
    headers = {name.replace("svix-", "webhook-"): value for name, value in case.headers.items()}
    standardwebhooks.webhooks.Webhook(case.secret).verify(case.body, headers, json_parse=False)


def ask_polar(case):
    # As validate_event begins; what follows the check of the signature is about the event.
    try:
        body = case.body.decode()
    except UnicodeDecodeError as error:
        raise polar.webhooks.PolarWebhookError("Failed to parse webhook payload") from error
    polar.webhooks._verify_signature(body, case.headers, case.secret)


def ask_stripe(case):
    stripe.WebhookSignature.verify_header(case.body, case.headers.get("stripe-signature"), case.secret, tolerance=300)


LIBRARIES = {
    "standard": ("standardwebhooks", ask_standardwebhooks, standardwebhooks.webhooks.WebhookVerificationError),
    "svix": ("standardwebhooks", ask_standardwebhooks, standardwebhooks.webhooks.WebhookVerificationError),
    "polar": ("polar-sdk", ask_polar, polar.webhooks.PolarWebhookVerificationError),
    "stripe": ("stripe", ask_stripe, stripe.SignatureVerificationError),
}


def their_verdict(case):
    """Returns "verified", "rejected", or the name of what was raised in place of a verdict."""
    _, ask, refusal = LIBRARIES[case.scheme]
    try:
        ask(case)
        return "verified"
    except refusal:
        return "rejected"
    except Exception as error:  # What a server would answer with 500.
        return type(error).__name__


# --- Deliveries -------------------------------------------------------------------------------------------------------


class Case:
    def __init__(self, scheme, secret, headers, body):
        self.scheme, self.secret, self.headers, self.body = scheme, secret, headers, body

    @property
    def is_stripe(self):
        return self.scheme == "stripe"

    @property
    def family(self):
        return "svix" if self.scheme == "svix" else "webhook"

    def line(self):
        return json.dumps(
            {
                "scheme": self.scheme,
                "secret": self.secret,
                "now": NOW,
                "headers": {name: [value] for name, value in self.headers.items()},
                "body": self.body.hex(),
            }
        )


def is_base64(text):
    """Returns whether text is Base64, padded as it should be or not at all."""
    letters = text.rstrip("=")
    padding = {0: 0, 1: -1, 2: 2, 3: 1}[len(letters) % 4]
    return re.fullmatch(r"[A-Za-z0-9+/]+", letters) is not None and len(text) - len(letters) <= padding


def keys(scheme, secret):
    """Returns the keys that the secret of the scheme can stand for."""
    whole, rest = secret.encode(), secret.removeprefix("whsec_")
    decoded = [base64.b64decode(rest.rstrip("=") + "==")] if is_base64(rest) else []
    return {"stripe": [whole], "polar": [whole] + decoded}.get(scheme, decoded)


def mac(key, content):
    return hmac.new(key, content, hashlib.sha256).digest()


def random_secret(rng, scheme):
    raw = base64.b64encode(rng.randbytes(rng.choice([1, 16, 24, 24, 32, 32, 64, 70]))).decode()
    if rng.random() < 0.3:
        raw = raw.rstrip("=")
    if scheme in ("polar", "stripe") and rng.random() < 0.4:
        # As Polar and Stripe draw them: letters and digits that stand for nothing in particular.
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        raw = "".join(rng.choice(alphabet) for _ in range(rng.choice([32, 43])))
    prefixes = {"polar": ["whsec_", "polar_whs_", ""], "stripe": ["whsec_"]}.get(scheme, ["whsec_", "whsec_", ""])
    return rng.choice(prefixes) + raw


def random_body(rng):
    kind = rng.random()
    if kind < 0.6:
        return json.dumps({"type": "order.paid", "data": {"n": rng.random(), "s": "é\U0001f600"[: rng.randrange(3)]}}).encode()
    if kind < 0.87:
        return "".join(chr(rng.choice([65, 10, 0, 46, 233, 0x20AC, 0x1F600, 0xFEFF])) for _ in range(rng.randrange(40))).encode()
    if kind < 0.9:
        return rng.randbytes(rng.randrange(300))
    return b"x" * rng.randrange(3000)


def random_text(rng, length=8):
    alphabet = ["v", "1", "a", ",", " ", ".", "=", "+", "-", "_", "t", "0", "9", "e", "\t", "\n", "é", "\uff11", "\u00a0", "v1,", "t=", "v1="]
    return "".join(rng.choice(alphabet) for _ in range(rng.randrange(length)))


def random_time(rng):
    if rng.random() < 0.6:
        return str(NOW + rng.randint(-250, 250))
    return rng.choice(
        [
            str(NOW + rng.choice([-302, -301, -300, -299, 299, 300, 301, 302, 100_000, -100_000])),
            f" {NOW}", f"+{NOW}", f"0{NOW}", f"{NOW}.5", f"{NOW}.0", "1.7e9", "1_700_000_000", "1７00000000", f"-{NOW}",
            "NaN", "inf", "-inf", "", "0", "9" * 20, "9" * 15, f"{NOW}abc", hex(NOW), "１７００００００００", f"{NOW}=1",
        ]
    )


def genuine(rng, scheme):
    """Returns a delivery that was signed as its headers are, well formed or not."""
    secret, body, time = random_secret(rng, scheme), random_body(rng), random_time(rng)
    key = rng.choice(keys(scheme, secret) or [b"?"])
    if scheme == "stripe":
        # What the library makes of an odd spelling is what it signs.
        signed_time = time
        try:
            signed_time = rng.choice([time, "%d" % int(time)])
        except (ValueError, OverflowError):
            pass
        code = mac(key, signed_time.encode() + b"." + body).hex()
        return Case(scheme, secret, {"stripe-signature": f"t={time},v1={code}"}, body)
    identifier = "msg_" + "".join(rng.choice("abcXYZ019") for _ in range(rng.randrange(1, 30)))
    if rng.random() < 0.06:
        identifier = rng.choice(["", "a.b", "a b", "é", "a" * 255, "a" * 256, "m\n", f"msg.{NOW}"])
    signed_time = time
    try:
        signed_time = rng.choice([time, str(int(float(time) // 1))])
    except (ValueError, OverflowError):
        pass
    code = mac(key, f"{identifier}.{signed_time}.".encode() + body)
    case = Case(scheme, secret, {}, body)
    case.headers = {
        f"{case.family}-id": identifier,
        f"{case.family}-timestamp": time,
        f"{case.family}-signature": "v1," + base64.b64encode(code).decode(),
    }
    return case


def stray_bits(code):
    """Returns Base64 text of the same bytes whose last letter has other trailing bits."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    if len(code) != 44 or code[42] not in alphabet:
        return code
    return code[:42] + alphabet[alphabet.index(code[42]) ^ 1] + "="


def mutate_signature(rng, case, value):
    mark = "v1=" if case.is_stripe else "v1,"
    separator = "," if case.is_stripe else " "
    head, found, code = value.rpartition(mark)
    other = ("0" * 64) if case.is_stripe else base64.b64encode(rng.randbytes(32)).decode()
    kind = rng.randrange(22)
    if kind == 0:
        return value[: rng.randrange(len(value) + 1)]
    if kind == 1:
        place = rng.randrange(len(value) + 1)
        return value[:place] + random_text(rng) + value[place:]
    if kind == 2 and code:
        place = rng.randrange(len(code))
        return head + found + code[:place] + rng.choice("AZaz09+/=gf") + code[place + 1 :]
    if kind == 3:
        return head + found + rng.choice(["", "A", "AA==", "=", "é", code[:-1], code + "=", code + "A", code + code])
    if kind == 4:
        return head + found + code.upper() if rng.random() < 0.5 else head + found + code.swapcase()
    if kind == 5:
        return head + rng.choice(["v0", "v2", "v1a", "V1", " v1", "v1 ", "", "h1"]) + mark[-1] + code
    if kind in (6, 7):
        codes = [other] * rng.randrange(1, 4)
        codes.insert(rng.randrange(len(codes) + 1), code)
        return head + mark + f"{separator}{mark}".join(codes)
    if kind == 8:
        return f"{separator}".join([value, "v1a" + mark[-1] + "x", "v0" + mark[-1] + other])
    if kind == 9:
        return value + separator + rng.choice(["v1", "t", "garbage", "v1=a=b", "v1,a,b", "", separator, "v1" + mark[-1]])
    if kind == 10:
        garbage = rng.choice(["v1", "garbage", "v1,a,b", "v1,!!", "v1,é", "v1=é", "v1=", "x=1", "x"])
        return f"{garbage}{separator}{value}" if not case.is_stripe else f"{head}{garbage},{found}{code}"
    if kind == 11:
        return value + "," + " " * rng.randrange(2) + value
    if kind == 12:
        return value.replace(separator, rng.choice(["\t", "  ", ", ", ";", "\n", separator * 2]))
    if kind == 13:
        return head + (mark + other + separator) * rng.choice([62, 63, 64, 70]) + mark + code
    if kind == 14:
        return head + found + rng.choice([stray_bits(code), code.rstrip("="), code.replace("=", "=="), code[:5] + "\n" + code[5:], code[:5] + "!" + code[5:], code + "=junk"])
    if kind == 15:
        padding = ("z" * rng.choice([8_000, 8_192, 9_000]))
        return f"{value}{separator}{padding}" if rng.random() < 0.5 else value + padding
    if kind == 16:
        return rng.choice([f"t={NOW},", f"t={NOW - 1},", "t=,", "t,", "t=1,"]) + value
    if kind == 17:
        return value.replace("v1", "t", 1) if rng.random() < 0.5 else value.replace("t=", "T=", 1)
    if kind == 18:
        return mark + other + rng.choice(["\t", " ", "\n", "\u00a0", "\x0b"]) + mark + code
    if kind == 19:
        parts = value.split(separator)
        rng.shuffle(parts)
        return separator.join(parts)
    if kind == 20:
        return rng.choice(["", "v1", mark, ",", "=", random_text(rng, 20)])
    return value.replace("=", "", 1)


def mutate(rng, case):
    names = list(case.headers)
    signature = names[-1]
    kind = rng.randrange(12)
    if kind < 6:
        case.headers[signature] = mutate_signature(rng, case, case.headers[signature])
    elif kind == 6:
        case.headers[rng.choice(names)] = random_text(rng, 20)
    elif kind == 7:
        case.headers.pop(rng.choice(names), None)
    elif kind == 8 and case.body:
        place = rng.randrange(len(case.body))
        case.body = case.body[:place] + bytes([case.body[place] ^ (1 << rng.randrange(8))]) + case.body[place + 1 :]
    elif kind == 9:
        case.body = rng.choice([case.body + b" ", case.body[:-1], b"\xef\xbb\xbf" + case.body, b"", case.body + b"\xff", b"x" * ((1 << 20) + 1)])
    elif kind == 10:
        secret = case.secret
        case.secret = rng.choice(
            [secret + "x", secret[:-1], " " + secret, secret + "\n", "v1," + secret, secret.replace("whsec_", ""), "whsec_" + secret, secret + "é", secret[:9] + "!!" + secret[9:], "", "whsec_", "polar_whs_", secret + "="]
        )
    else:
        value = case.headers[rng.choice(names)]
        name = rng.choice(names)
        place = rng.randrange(len(case.headers[name]) + 1)
        case.headers[name] = case.headers[name][:place] + rng.choice([" ", "é", ".", "0", value[:3]]) + case.headers[name][place:]


def make_case(rng, scheme):
    case = genuine(rng, scheme)
    # Of a header's value a server hands over what is between the blanks around it (RFC 9110, 5.5).
    for _ in range(rng.choice([0, 0, 1, 1, 1, 1, 2])):
        if all(name in case.headers for name in case.headers) and case.headers:
            mutate(rng, case)
    case.headers = {name: value.strip(" \t") for name, value in case.headers.items()}
    return case


# --- What is strict about the module, said again in Python ------------------------------------------------------------


def header(case, part):
    return case.headers.get("stripe-signature" if case.is_stripe else f"{case.family}-{part}")


def fields(case):
    return [entry.split("=", 1) for entry in (header(case, "signature") or "").split(",") if entry]


def time_text(case):
    if not case.is_stripe:
        return header(case, "timestamp") or ""
    times = [field[1] for field in fields(case) if field[0] == "t" and len(field) == 2]
    return times[0] if times else ""


def is_time_strict(case):
    return re.fullmatch(r"0|[1-9][0-9]{0,14}", time_text(case), re.ASCII) is not None


def content(case):
    start = time_text(case) if case.is_stripe else f"{header(case, 'id')}.{time_text(case)}"
    return f"{start}.".encode() + case.body


def right_codes(case, signed=None):
    """Returns the texts of the codes that a genuine delivery may carry, each in its one spelling."""
    codes = [mac(key, signed or content(case)) for key in keys(case.scheme, case.secret)]
    return {code.hex() if case.is_stripe else base64.b64encode(code).decode() for code in codes}


def code_texts(case):
    """Returns the codes of the entries that are read: the first 64 that are not empty."""
    if case.is_stripe:
        return [field[1] for field in fields(case)[:64] if field[0] == "v1" and len(field) == 2]
    entries = [entry for entry in (header(case, "signature") or "").split(" ") if entry][:64]
    return [entry.split(",", 1)[1] for entry in entries if entry.startswith("v1,")]


def is_secret_strict(case):
    secret = case.secret
    if secret in ("", "whsec_", "polar_whs_", "pdl_ntfset_", "pdl_ntf_") or secret.startswith("v1,whsec_") or secret != secret.strip():
        return False
    if case.is_stripe or case.scheme == "polar":
        return True
    return is_base64(secret.removeprefix("whsec_"))


def is_identifier_strict(case):
    return case.is_stripe or re.fullmatch(r"[\x21-\x2d\x2f-\x7e]{1,255}", header(case, "id") or "") is not None


def is_length_strict(case):
    return len(case.body) <= 1 << 20 and all(len(value.encode()) <= 8192 for value in case.headers.values())


def is_form_strict(case):
    value = header(case, "signature") or ""
    if not case.is_stripe:
        return not any(entry.endswith(",") for entry in [entry for entry in value.split(" ") if entry][:64])
    known = [field for field in fields(case)[:64] if field[0] in ("t", "v1")]
    return (
        not re.search(r"[ \t]", value)
        and all(len(field) == 2 for field in known)
        and len([field for field in known if field[0] == "t"]) == 1
    )


def is_recent(case):
    return is_time_strict(case) and abs(NOW - int(time_text(case))) <= 300


def is_genuine(case):
    """What the module's documentation promises, computed without it."""
    return (
        all(value is not None for value in (header(case, "id"), header(case, "timestamp"), header(case, "signature")))
        and is_secret_strict(case)
        and is_length_strict(case)
        and is_identifier_strict(case)
        and is_form_strict(case)
        and is_recent(case)
        and not right_codes(case).isdisjoint(code_texts(case))
    )


# --- The differences --------------------------------------------------------------------------------------------------

# Name: (schemes, the module's reasons, whether it is there). Each is a paragraph in differences.md, and each is stricter:
# the other library verifies, the module does not.
ALL = ("standard", "svix", "polar", "stripe")
THREE = ("standard", "svix", "polar")
UNMATCHED = ("noMatchingSignature", "noSupportedSignature")
STRICTER = {
    "timestamp-spelling": (ALL, ("malformedTimestamp",), lambda case: not is_time_strict(case)),
    "future-timestamp": (("stripe",), ("tooNew",), lambda case: int(time_text(case)) > NOW + 300),
    "identifier-form": (THREE, ("malformedIdentifier",), lambda case: not is_identifier_strict(case)),
    "secret-form": (ALL, ("secret",), lambda case: not is_secret_strict(case)),
    "polar-padding": (("polar",), UNMATCHED, lambda case: "=" in case.secret and len(keys("polar", case.secret)) == 1),
    "lengths": (ALL, ("bodyTooLarge", "headerTooLong"), lambda case: not is_length_strict(case)),
    "stripe-fields": (("stripe",), ("malformedSignatureHeader",), lambda case: not is_form_strict(case)),
    "joined-lists": (THREE, ("malformedSignatureHeader",), lambda case: not is_form_strict(case)),
    "entry-count": (ALL, UNMATCHED, lambda case: is_code_beyond_the_limit(case)),
    "code-spelling": (
        ALL,
        UNMATCHED,
        lambda case: right_codes(case).isdisjoint(code_texts(case)) and not is_code_beyond_the_limit(case),
    ),
}

# Name: (schemes, what is raised, whether it is there). The other library has no verdict, so there is none to agree with:
# the module has to say what its documentation promises.
WITHOUT_VERDICT = {
    "body-is-no-text": (
        ALL,
        ("UnicodeDecodeError", "PolarWebhookError"),
        lambda case: not is_utf8(case.body),
    ),
    "malformed-entry": (
        ("standard", "svix"),
        ("ValueError", "Error"),
        lambda case: any(is_malformed_entry(entry) for entry in (header(case, "signature") or "").split(" ")),
    ),
    "non-ascii-code": (
        ("standard", "svix", "stripe"),
        ("TypeError", "ValueError"),
        lambda case: not (header(case, "signature") or "").isascii(),
    ),
    "secret-raises": (("standard", "svix"), ("Error", "EmptyWebhookSecretError", "ValueError"), lambda case: not is_secret_strict(case)),
}


def is_code_beyond_the_limit(case):
    if case.is_stripe:
        texts = [field[1] for field in fields(case)[64:] if len(field) == 2]
    else:
        texts = [entry.partition(",")[2] for entry in [e for e in (header(case, "signature") or "").split(" ") if e][64:]]
    return right_codes(case).isdisjoint(code_texts(case)) and not right_codes(case).isdisjoint(texts)


def is_utf8(body):
    try:
        body.decode()
        return True
    except UnicodeDecodeError:
        return False


def is_malformed_entry(entry):
    if entry.count(",") != 1:
        return True
    try:
        base64.b64decode(entry.split(",")[1])
        return False
    except (binascii.Error, ValueError):
        return True


def explain(case, theirs, ours):
    """Returns the name of the written difference that a disagreement is, or None."""
    if theirs == "verified" and not ours["isVerified"]:
        reason = ours["reason"].partition(":")[0]
        for name, (schemes, reasons, applies) in STRICTER.items():
            if case.scheme in schemes and reason in reasons and applies(case):
                return name
    elif theirs not in ("verified", "rejected") and ours["isVerified"] == is_genuine(case):
        for name, (schemes, raised, applies) in WITHOUT_VERDICT.items():
            if case.scheme in schemes and theirs in raised and applies(case):
                return name
    return None


def check_signing(judge, rng, scheme):
    """Lets the module sign deliveries and the other library verify them."""
    cases = []
    for number in range(500):
        body = json.dumps({"n": number, "s": "é" * rng.randrange(9)}).encode()
        secret = random_secret(rng, scheme)
        cases.append((Case(scheme, secret, {}, body), {"id": f"msg_{number}", "timestamp": NOW + rng.randint(-300, 300)}))
    lines = "".join(json.dumps(json.loads(case.line()) | {"sign": facts}) + "\n" for case, facts in cases)
    answers = subprocess.run([judge], input=lines, capture_output=True, text=True, check=True).stdout
    failures = []
    for (case, _), line in zip(cases, answers.splitlines(), strict=True):
        case.headers = json.loads(line).get("headers", {})
        if their_verdict(case) != "verified":
            failures.append(("on what the module signed", case, their_verdict(case), json.loads(line)))
    print(f"interop: {scheme:8} {len(cases) - len(failures)} of {len(cases)} signed by the module are verified by theirs")
    return failures


# --- The run ----------------------------------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("judge")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    arguments = parser.parse_args()
    print(f"interop: seed {arguments.seed}, {arguments.cases} deliveries for each scheme")

    written = set(re.findall(r"^### `([a-z0-9-]+)`$", (HERE / "differences.md").read_text(), re.MULTILINE))
    if written != set(STRICTER) | set(WITHOUT_VERDICT):
        sys.exit(f"interop: differences.md and this file differ in {written ^ (set(STRICTER) | set(WITHOUT_VERDICT))}")

    seen = collections.Counter()
    failures = []
    for scheme in ALL:
        rng = random.Random(f"{arguments.seed} {scheme}")
        cases = [make_case(rng, scheme) for _ in range(arguments.cases)]
        lines = "".join(case.line() + "\n" for case in cases)
        answers = subprocess.run([arguments.judge], input=lines, capture_output=True, text=True, check=True).stdout
        counts = collections.Counter()
        for case, line in zip(cases, answers.splitlines(), strict=True):
            ours, theirs = json.loads(line), their_verdict(case)
            if ours["isVerified"] != is_genuine(case):
                failures.append(("is not what is promised", case, theirs, ours))
            if ours["isVerified"]:
                if ours.get("id") != (None if case.is_stripe else header(case, "id")) or str(ours["timestamp"]) != time_text(case):
                    failures.append(("carries other facts than were signed", case, theirs, ours))
            if theirs == ("verified" if ours["isVerified"] else "rejected"):
                counts[f"both {theirs}"] += 1
                continue
            name = explain(case, theirs, ours)
            if name is None:
                failures.append(("is explained by no written difference", case, theirs, ours))
                continue
            counts["stricter as written" if name in STRICTER else "without a verdict of theirs"] += 1
            seen[name] += 1
        kinds = ("both verified", "both rejected", "stricter as written", "without a verdict of theirs")
        text = ", ".join(f"{counts[kind]} {kind}" for kind in kinds)
        print(f"interop: {scheme:8} against {LIBRARIES[scheme][0]:16} {text}")
        failures += check_signing(arguments.judge, rng, scheme)

    for name in sorted(written):
        print(f"interop:   {name:20} {seen[name]:6}")
    for what, case, theirs, ours in failures[:10]:
        print(f"interop: FAILED: a verdict {what}: theirs {theirs}, ours {ours}\n  {case.line()[:600]}", file=sys.stderr)
    if failures:
        sys.exit(f"interop: {len(failures)} failures")
    if unseen := [name for name in written if seen[name] == 0 and arguments.cases >= 10_000]:
        sys.exit(f"interop: written and never seen: {unseen}")


main()
