#!/usr/bin/env python3
"""Verify an evidence bundle 证据包 of a closed month, without the service that made it.

    python verify_bundle.py bundle.zip --key-fingerprint HEX --head NUMBER:DIGEST

Fingerprint and head are printed on the monthly report. One file, Python 3.9 or later, nothing but
the standard library; nothing is written and no network is used. It ends with 0 and "verified"
when everything holds and both printed values were given; with 1 when something is wrong, each
fault named, or when the origin is not proven; with 2 when it was called wrongly.

What it does, in this order:
  1 the archive     names, sizes and hashes of its files;
  2 the trail       each shown entry has its leaf, each seal its Merkle root (RFC 6962), the seals
                    hang on each other and are signed with Ed25519 (RFC 8032);
  3 the inputs      every decision, its inputs and every published figure equal the sealed entries;
                    the inputs equal the newest sealed rows at the cut; nothing is left out;
  4 the count       the rules LC-COUNT-1, stated here a second time, are run over the inputs; each
                    decision and each figure must come out as it was published, and what was
                    adjusted later must make the restated figures.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import zipfile
import zlib
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

FORMAT, VERSION = "jieban-evidence", 1
BEIJING = timezone(timedelta(hours=8))  # Asia/Shanghai, without summer time since 1991
UTC = timezone.utc
MOST_BYTES, MOST_RATIO, SMALL = 1 << 30, 400, 1 << 20
MOST_SHOWN = 200

TEXTS = {
    "archive.unreadable": ("the archive cannot be read: {0}", "压缩包无法读取：{0}"),
    "archive.name": ("the archive holds a file with an unsafe name: {0}", "压缩包中有不安全的文件名：{0}"),
    "archive.twice": ("the archive holds a file twice: {0}", "压缩包中文件重复：{0}"),
    "archive.bomb": ("the archive is far too large when unpacked: {0}", "压缩包展开后过大：{0}"),
    "archive.method": ("the file is packed in a way that is not allowed: {0}", "文件的压缩方式不允许：{0}"),
    "manifest.format": ("the manifest is not of a known form: {0}", "清单格式不认识：{0}"),
    "manifest.differs": ("file {0}: not as the manifest says", "文件 {0} 与清单不符"),
    "manifest.missing": ("file {0}: missing", "缺少文件 {0}"),
    "manifest.extra": ("file {0}: not in the manifest", "清单之外的文件 {0}"),
    "manifest.says": ("manifest: {0} is {1}, but {2} is sealed", "清单：{0} 写的是 {1}，封存的是 {2}"),
    "file.form": ("file {0}: not of the form it should have ({1})", "文件 {0} 格式不对（{1}）"),
    "entry.missing": ("trail: entry {0} is missing", "日志：缺少第 {0} 条"),
    "entry.changed": ("trail: entry {0} ({1}) was changed: the body has another leaf",
                      "日志：第 {0} 条（{1}）被改动，内容与摘要不符"),
    "entry.form": ("trail: entry {0} is not an entry", "日志：第 {0} 条不是日志格式"),
    "digest.unknown": ("this Python cannot compute {0}; use one whose OpenSSL can",
                       "本机 Python 不能计算 {0}，请换用支持它的版本"),
    "seal.missing": ("seals: number {0} is missing", "封存：缺少第 {0} 批"),
    "seal.changed": ("seal {0}: its digest does not fit what it says", "第 {0} 批封存：摘要与内容不符"),
    "seal.unchained": ("seal {0}: does not follow the seal before it", "第 {0} 批封存：与前一批接不上"),
    "seal.broken": ("seal {0}: the root does not fit entries {1} to {2}",
                    "第 {0} 批封存：根摘要与第 {1} 至 {2} 条不符"),
    "seal.unsigned": ("seal {0}: not signed", "第 {0} 批封存：没有签名"),
    "seal.forged": ("seal {0}: the signature is not valid", "第 {0} 批封存：签名无效"),
    "seal.other_key": ("seal {0}: signed with another key ({1}) than the printed one",
                       "第 {0} 批封存：签名的公钥（{1}）不是打印的那一把"),
    "seal.uncovered": ("trail: entries after {0} are under no seal", "日志：第 {0} 条之后没有封存"),
    "head.missing": ("head {0}: the bundle ends before it", "打印的第 {0} 批封存不在证据包里"),
    "head.differs": ("head {0}: the bundle has another seal of this number",
                     "第 {0} 批封存与打印的摘要不符"),
    "row.untold": ("{0} {1}: the trail does not tell of it", "{0} {1}：日志中没有"),
    "row.differs": ("{0} {1}: {2} is {3}, but {4} is sealed", "{0} {1}：{2} 是 {3}，封存的是 {4}"),
    "row.omitted": ("{0} {1}: told of in entry {2} but missing from the inputs",
                    "{0} {1}：日志第 {2} 条有，输入中缺少"),
    "row.twice": ("{0} {1}: listed twice", "{0} {1}：重复"),
    "record.omitted": ("record {0}: published in figure {1} but missing from the inputs",
                       "记录 {0}：公布的指标 {1} 中有，输入中缺少"),
    "file.changed": ("the file {0} of session {1} is not what was put in", "场次 {1} 的附件 {0} 和存入时不同"),
    "file.missing": ("the file {0} of session {1} is not in the folder", "场次 {1} 的附件 {0} 不在文件夹里"),
    "diagnosis.unsigned": ("diagnosis {0}: version {1} of its report counts as signed, the signature of {2} "
                           "is missing", "专题诊断 {0}：第 {1} 版报告算已签署，缺少 {2} 的签名"),
    "signature.other_text": ("signature {0}: made under another text than report {1} has",
                             "签名 {0}：所签内容与报告 {1} 不符"),
    "signature.of_nobody": ("signature {0}: {1} is none of those who sign report {2}",
                            "签名 {0}：{1} 不在报告 {2} 的签署人之中"),
    "record.numbers": ("session {0}: its decisions are numbered {1}", "场次 {0}：结论编号为 {1}，有缺漏"),
    "record.no_inputs": ("record {0}: decided before inputs were kept; it cannot be counted again",
                         "记录 {0}：作出时尚未保存输入，无法重算"),
    "record.inputs": ("record {0}: the inputs cannot be counted with ({1})", "记录 {0}：输入无法计算（{1}）"),
    "record.hash": ("record {0}: its inputs have another hash than was sealed",
                    "记录 {0}：输入的摘要与封存的不符"),
    "record.recount": ("record {0} (session {1}): {2} was decided as {3}, the recount gives {4}",
                       "记录 {0}（场次 {1}）：{2} 当时是 {3}，重算是 {4}"),
    "session.undecided": ("session {0}: it took place ({1}) but no decision on it was published",
                          "场次 {0}：已有结果（{1}），却没有公布结论"),
    "fact.differs": ("session {0}: {1} was counted as {2}, the sealed row says {3}",
                     "场次 {0}：{1} 计数时用的是 {2}，封存的原始记录是 {3}"),
    "figure.missing": ("figure {0}: not published", "指标 {0}：没有公布"),
    "figure.unknown": ("figure {0}: not known to LC-COUNT-1", "指标 {0}：口径中没有"),
    "figure.recount": ("figure {0}: published {1}, the recount gives {2}", "指标 {0}：公布 {1}，重算 {2}"),
    "figure.rows": ("figure {0}: its rows are not those of the recount; {1} differ",
                    "指标 {0}：背后的记录与重算不符，相差 {1} 条"),
    "figure.hash": ("figure {0}: its fingerprint does not fit", "指标 {0}：指纹不符"),
    "figure.restated": ("figure {0}: reported and adjusted make {1}, the recount of today gives {2}",
                        "指标 {0}：公布加调整为 {1}，按现在重算为 {2}"),
    "cut.wrong": ("the cut is {0}; the calendar and the closing give {1}",
                  "截止时间是 {0}，按日历和结账时间应为 {1}"),
}
SAYS = {
    "counts": ("{0}: {1} entries in {2} seals, {3} sessions, {4} decisions, {5} figures",
               "{0}：日志 {1} 条，封存 {2} 批，场次 {3}，结论 {4}，指标 {5}"),
    "files": ("{0} files of meetings are listed, each with its hash", "附件 {0} 个，各列校验值"),
    "reports": ("{0} versions of joint reports with {1} signatures are listed, each with its hash",
                "联合报告 {0} 版、签名 {1} 个，各列校验值"),
    "days_alone": ("of {0} ventures the trail tells no day of registration; it rests on the sealed "
                   "decisions alone", "有 {0} 家企业或团队的登记日期日志里没有，以封存的结论为准"),
    "withheld": ("{0} entries hold names or free text and are shown as hashes; what they say of a "
                 "session is checked by the sealed decision alone",
                 "{0} 条日志含姓名或文字，只给摘要；其中的事实以封存的结论为准"),
    "older_keys": ("{0} seals before the head were signed with other keys; the chain covers them",
                   "打印的封存之前有 {0} 批由别的公钥签名，由链条保证"),
    "unsigned": ("{0} seals are from before there was a key; the chain covers them",
                 "{0} 批封存早于启用签名，由链条保证"),
    "more": ("… and {0} more", "……另有 {0} 处"),
    "faults": ("NOT VERIFIED: {0} faults", "核验不通过：{0} 处"),
    "unproven": ("consistent, origin not proven (give --key-fingerprint and --head as printed on the "
                 "report)", "内容一致，来源未证实（请给出月报上打印的公钥指纹和封存摘要）"),
    "verified": ("verified", "核验通过"),
}


class Unreadable(Exception):
    """The bundle cannot be looked at any further; what is wrong has been noted."""


class Findings:
    """Everything found to be wrong, in the order found, each named once."""

    def __init__(self):
        """Begin with nothing wrong."""
        self.faults = []
        self._seen = set()

    def add(self, code, *facts):
        """Note a fault."""
        fault = (code, tuple(_short(fact) for fact in facts))
        if fault not in self._seen:
            self._seen.add(fault)
            self.faults.append(fault)

    def stop(self, code, *facts):
        """Note a fault after which there is nothing to look at."""
        self.add(code, *facts)
        raise Unreadable


def _short(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 120 else text[:117] + "..."


# ---------------------------------------------------------------- 1 the archive


def read_archive(path, found):
    """Return the files of the archive by name; nothing is unpacked to disk."""
    files = {}
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive.infolist(), found)
            for member in archive.infolist():
                with archive.open(member) as stream:
                    content = stream.read(member.file_size + 1)
                if len(content) != member.file_size:
                    found.stop("archive.bomb", member.filename)
                files[member.filename] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
            ValueError) as error:
        found.stop("archive.unreadable", str(error) or type(error).__name__)
    return files


def _check_members(members, found):
    names = Counter(member.filename for member in members)
    for member in members:
        name = member.filename
        parts = name.split("/")
        if not re.fullmatch(r"[A-Za-z0-9_./-]+", name) or "" in parts or ".." in parts or "." in parts:
            found.stop("archive.name", name)
        if names[name] > 1:
            found.stop("archive.twice", name)
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or member.flag_bits & 1:
            found.stop("archive.method", name)
        if member.file_size > SMALL and member.file_size > MOST_RATIO * max(1, member.compress_size):
            found.stop("archive.bomb", name)
    if sum(member.file_size for member in members) > MOST_BYTES:
        found.stop("archive.bomb", "%d bytes" % sum(m.file_size for m in members))


def check_manifest(files, found):
    """Return the manifest after comparing every file with it."""
    manifest = _json(files, "manifest.json", found, dict)
    if manifest.get("format") != FORMAT or manifest.get("version") != VERSION:
        found.stop("manifest.format", [manifest.get("format"), manifest.get("version")])
    listed = manifest.get("files")
    if not isinstance(listed, dict):
        found.stop("manifest.format", "files")
    for name in sorted(set(files) - set(listed) - {"manifest.json"}):
        found.add("manifest.extra", name)
    for name, said in sorted(listed.items()):
        if name not in files:
            found.add("manifest.missing", name)
        elif said != {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}:
            found.add("manifest.differs", name)
    return manifest


def _parsed(data):
    """Return what JSON says; a name said twice is no way to say two things.

    Raises ValueError or RecursionError when it says nothing.
    """
    def distinct(pairs):
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a name twice")
        return dict(pairs)

    return json.loads(data.decode("utf-8"), object_pairs_hook=distinct)


def _json(files, name, found, kind):
    if name not in files:
        found.stop("manifest.missing", name)
    try:
        value = _parsed(files[name])
    except (ValueError, RecursionError) as error:
        found.stop("file.form", name, str(error))
    if not isinstance(value, kind):
        found.stop("file.form", name, kind.__name__)
    return value


def _rows(files, name, found):
    """Return a list of objects that each have a text as their id."""
    rows = _json(files, name, found, list)
    if not all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
        found.stop("file.form", name, "id")
    return rows


def _lines(files, name, found):
    """Return one object for each line of a file."""
    if name not in files:
        found.stop("manifest.missing", name)
    values = []
    for number, line in enumerate(files[name].split(b"\n")[:-1], 1):
        try:
            value = _parsed(line)
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            found.stop("file.form", name, "line %d" % number)
        values.append(value)
    if files[name] and not files[name].endswith(b"\n"):
        found.stop("file.form", name, "last line")
    return values


# ---------------------------------------------------------------- Ed25519 (RFC 8032)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
ZERO = (0, 1, 1, 0)


def _added(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _doubled(a):
    x, y, z = a[0] * a[0] % P, a[1] * a[1] % P, 2 * a[2] * a[2] % P
    h = x + y
    e = h - (a[0] + a[1]) * (a[0] + a[1])
    g = x - y
    f = z + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _point(data):
    """Return the point that 32 bytes encode, None when they encode none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def _encoded(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@lru_cache(maxsize=65536)
def ed25519_is_valid(public, message, signature):
    """Tell whether the signature over the message was made with the key (RFC 8032, 5.1.7)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, scalar = _point(public), int.from_bytes(signature[32:], "little")
    if key is None or scalar >= L or _point(signature[:32]) is None:
        return False
    if _encoded(_doubled(_doubled(_doubled(key)))) == _encoded(ZERO):
        return False  # a key of small order signs anything
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    factor = int.from_bytes(digest, "little") % L
    minus = (P - key[0], key[1], 1, P - key[3])
    both, sum_ = _added(BASE, minus), ZERO
    for bit in range(max(scalar.bit_length(), factor.bit_length()) - 1, -1, -1):
        sum_ = _doubled(sum_)
        choice = (scalar >> bit & 1) + 2 * (factor >> bit & 1)
        if choice:
            sum_ = _added(sum_, (None, BASE, minus, both)[choice])
    return _encoded(sum_) == signature[:32]


# ---------------------------------------------------------------- 2 the trail


def canonical(value):
    """Return the one JSON text of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _bytes(text):
    """Return the bytes of a text; half a character, which no honest text has, is no reason to stop."""
    return text.encode("utf-8", "surrogatepass")


def _hash(algorithm, data, found):
    if algorithm not in ("sha256", "sm3"):
        found.stop("digest.unknown", algorithm)
    try:
        return hashlib.new(algorithm, data)
    except ValueError:
        found.stop("digest.unknown", algorithm)


def merkle_root(leaves, algorithm, found):
    """Return the tree head of RFC 6962, 2.1, over the leaves."""
    level = list(leaves)
    if not level:
        return _hash(algorithm, b"", found).hexdigest()
    while len(level) > 1:
        paired = [
            _hash(algorithm, b"\x01" + level[i] + level[i + 1], found).digest()
            for i in range(0, len(level) - 1, 2)
        ]
        level = paired + level[len(paired) * 2:]
    return level[0].hex()


def check_entries(entries, found):
    """Return the leaves in order and the bodies by number, after comparing each with its leaf."""
    leaves, bodies = [], {}
    for place, entry in enumerate(entries, 1):
        leaf = entry.get("leaf")
        if entry.get("seq") != place:
            found.stop("entry.missing", place)
        if set(entry) - {"seq", "leaf", "algorithm", "body", "withheld", "entity", "id"}:
            found.stop("entry.form", place)
        if not isinstance(leaf, str) or not re.fullmatch("[0-9a-f]{64}", leaf):
            found.stop("entry.form", place)
        leaves.append(bytes.fromhex(leaf))
        if "body" in entry:
            bodies[place] = _body(place, entry, found)
    return leaves, bodies


def _body(seq, entry, found):
    text = entry["body"]
    if not isinstance(text, str):
        found.stop("entry.form", seq)
    try:
        body = _parsed(_bytes(text))
    except (ValueError, RecursionError):
        body = None
    is_entry = isinstance(body, dict) and all(
        isinstance(body.get(name), kind)
        for name, kind in (("entity", str), ("id", str), ("version", int), ("at", str), ("action", str))
    )
    what = "%s %s" % (body["entity"], body["id"]) if is_entry else "?"
    algorithm = entry.get("algorithm", "sha256")
    if _hash(algorithm, b"\x00" + _bytes(text), found).hexdigest() != entry["leaf"]:
        found.add("entry.changed", seq, what)
    if not is_entry or _instant(body["at"]) is None:
        found.stop("entry.form", seq)
    return body


def check_seals(seals, leaves, found):
    """Check that the seals hang on each other and cover all entries."""
    previous, last = "0" * 64, 0
    for number, seal in enumerate(seals, 1):
        if seal.get("number") != number:
            found.stop("seal.missing", number)
        first, end = seal.get("first"), seal.get("last")
        if not isinstance(first, int) or not isinstance(end, int):
            found.stop("file.form", "trail/seals.jsonl", "seal %d" % number)
        algorithm = seal.get("algorithm")
        if seal_digest(seal, found) != seal.get("digest"):
            found.add("seal.changed", number)
        if seal.get("previous") != previous or first != last + 1 or end < first:
            found.add("seal.unchained", number)
        for seq in range(max(len(leaves), first - 1) + 1, end + 1)[:MOST_SHOWN]:
            found.add("entry.missing", seq)
        if merkle_root(leaves[first - 1:end], algorithm, found) != seal.get("root"):
            found.add("seal.broken", number, first, end)
        previous, last = seal.get("digest"), end
    if last < len(leaves):
        found.add("seal.uncovered", last)


def seal_digest(seal, found):
    """Return the digest that a seal with these numbers and this root must have."""
    said = {name: seal.get(name) for name in ("number", "first", "last", "root", "previous")}
    algorithm = seal.get("algorithm")
    if algorithm != "sha256":
        said["algorithm"] = algorithm
    return _hash(algorithm, _bytes(canonical(said)), found).hexdigest()


def check_signatures(seals, keys, printed, found):
    """Check every signature; return how many seals are unsigned and how many by older keys.

    `printed` is the fingerprint and the head as the auditor has them; without them only the keys
    in the bundle can be used, which prove nothing of where it comes from.
    """
    fingerprint, head = printed
    by_id = {hashlib.sha256(key).hexdigest(): key for key in keys}
    unsigned = older = 0
    is_signed = False
    for seal in seals:
        number, key_id, signature = seal["number"], seal.get("key"), seal.get("signature")
        is_after_head = head is None or number >= head[0]
        if key_id is None and signature is None:
            unsigned += 1
            if is_signed or (fingerprint and is_after_head and seal is seals[-1]):
                found.add("seal.unsigned", number)
            continue
        is_signed = True
        if not _is_signed(seal, by_id.get(key_id)):
            found.add("seal.forged", number)
        elif fingerprint and key_id != fingerprint:
            if is_after_head:
                found.add("seal.other_key", number, key_id)
            older += 1
    return unsigned, older


def _is_signed(seal, key):
    try:
        signature = bytes.fromhex(seal.get("signature"))
        message = b"jieban seal v1:" + _bytes(seal.get("digest"))
    except (ValueError, TypeError, AttributeError):
        return False
    # The same bytes written in another way would be another file under the same signature.
    is_plain = signature.hex() == seal["signature"]
    return is_plain and key is not None and ed25519_is_valid(key, message, signature)


def check_head(seals, head, found):
    """Compare the seal of the printed number with the printed digest."""
    if head is None:
        return
    number, digest = head
    if not 1 <= number <= len(seals):
        found.add("head.missing", number)
    elif seals[number - 1].get("digest") != digest:
        found.add("head.differs", number)


class Trail:
    """The shown entries, by what they are about."""

    def __init__(self, bodies, entries):
        """Sort the bodies by table and key, each in order of its versions.

        How a row stood of which an entry is withheld is not known, and it is not looked at.
        """
        self.about = {}
        self.hidden = {(e.get("entity"), e.get("id")) for e in entries if "withheld" in e}
        for seq, body in sorted(bodies.items()):
            key = (body["entity"], body["id"])
            self.about.setdefault(key, []).append((body["version"], _instant(body["at"]), seq, body))
        for versions in self.about.values():
            versions.sort(key=lambda version: version[0])

    def row(self, table, key, known=None):
        """Return the row as its newest entry says, None when there is none.

        Only entries are looked at which `known`, asked with instant and number, says were known.
        """
        if (table, key) in self.hidden:
            return None
        told = [v for v in self.about.get((table, key), ()) if known is None or known(v[1], v[2])]
        row = told[-1][3].get("row") if told else None
        return row if isinstance(row, dict) else None

    def rows(self, table, known=None):
        """Return all rows of a table as they were then, in order of their keys."""
        keys = sorted(key for name, key in self.about if name == table)
        return [row for key in keys if (row := self.row(table, key, known)) is not None]

    def told(self, table, key, known):
        """Return the entries about a row that were known then, each with its number; None where
        one of them is not shown."""
        if (table, key) in self.hidden:
            return None
        return [(v[2], v[3]) for v in self.about.get((table, key), ()) if known(v[1], v[2])]

    def first_seq(self, table, key):
        """Return the number of the first entry about a row."""
        return self.about[table, key][0][2]


# ---------------------------------------------------------------- LC-COUNT-1, stated again
#
# Written from the published text of the rules. A record is judged alone, what may be parts of one
# service is merged, and of the reasons that apply the first of this list is shown.

REASONS = (
    "test_data", "duplicate", "voided", "no_show_founder", "no_show_mentor", "no_show_both",
    "tech_failure", "not_a_session", "disputed", "merged", "conflict_of_interest",
    "mentor_suspended", "mentor_out_of_term", "identity_unverified", "no_attendee",
    "below_minimum", "unconfirmed", "outside_district",
)
ADVICE = ("consultation", "diagnosis", "tutoring")
BY_SIGN_IN = ("lecture", "roundtable")
KINDS_STRONGEST_FIRST = ("signed_in", "paper_signature", "sms_code", "link", "call_back")
SUMS = (
    "sessions", "person_times", "session_minutes", "mentor_minutes", "anonymous_heads",
    "lecture_sessions", "lecture_person_times", "lecture_minutes", "roundtable_sessions",
    "roundtable_person_times", "roundtable_minutes", "review_sessions", "review_projects",
    "review_mentor_minutes", "follow_ups", "text_answers", "outside_district_sessions",
    "outside_district_person_times", "outside_district_minutes", "waived_conflict_sessions",
    "waived_conflict_person_times", "waived_conflict_minutes",
)
PENDING = ("awaiting_record", "awaiting_confirmation", "awaiting_ruling")
FIGURES = SUMS + ("distinct_persons", "enterprises", "teams", "records", "not_counted") + PENDING


def _instant(text):
    """Return the instant a text says, None when it says none."""
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return instant.astimezone(UTC) if instant.tzinfo else None


def _span(value):
    """Return beginning and end, None where there is no span."""
    if value is None:
        return None
    start, end = _instant(value["starts_at"]), _instant(value["ends_at"])
    if start is None or end is None or end < start:
        raise ValueError("span")
    return start, end


def _common(*spans):
    """Return what the spans share, None when that is nothing."""
    start, end = max(s[0] for s in spans), min(s[1] for s in spans)
    return (start, end) if start < end else None


def _whole_minutes(span):
    return (span[1] - span[0]) // timedelta(minutes=1)


def policy_of(policies, day):
    """Return the policy of a day: the row that started last."""
    started = [p for p in policies if p["valid_from"] <= day.isoformat()]
    if not started:
        raise ValueError("no policy on %s" % day)
    row = max(started, key=lambda p: p["valid_from"])
    return {"code": row["code"], "valid_from": row["valid_from"], **{
        name: row["rules"][name] for name in (
            "min_minutes", "merge_gap_minutes", "close_working_day", "overrun_cap_minutes",
            "standard_minutes", "late_confirmation_days")}}


class Part:
    """One record as it was known at an instant, judged alone."""

    def __init__(self, inputs, policies, asof):
        """Read the inputs.

        Raises KeyError, TypeError or ValueError when they are not of the known form.
        """
        self.inputs, self.asof = inputs, asof
        self.id, self.type = inputs["session_id"], inputs["session_type"]
        self.span = _span(inputs["actual"])
        self.day = self.span[0].astimezone(BEIJING).date()
        self.policy = policy_of(policies, self.day)
        self.is_text = inputs["is_text"] and self.type in ADVICE
        self.is_review = self.type == "review"
        self.lead = next((e for e in inputs["experts"] if e["is_lead"]), None)
        self.ruling, self.is_disputed = self._dispute()
        self.experts = [e for e in inputs["experts"] if self._expert_counts(e)]
        self.present = [a for a in inputs["attendees"] if self._is_vouched(a)]
        self.attendees = [a for a in self.present if a["is_identified"]]
        self.persons = sorted(a["person_id"] for a in self.attendees)
        self.is_confirmed = self._is_confirmed()
        self.minutes, self.expert_minutes = self._measured()
        self.reasons = self._reasons()
        self.column = self._column()

    def _known(self, text):
        instant = _instant(text)
        return instant is not None and instant <= self.asof

    def _dispute(self):
        dispute = self.inputs["dispute"]
        if dispute is None or not self._known(dispute["opened_at"]):
            return None, False
        ruling = dispute["ruling"] if self._known(dispute["ruled_at"]) else None
        return ruling, ruling is None

    def in_term(self, expert):
        """Tell whether the expert was appointed on the service day.

        An extension holds only when it was approved before the term it continues was over.
        """
        day = self.day.isoformat()
        terms = expert["terms"]
        return any(
            t["starts_on"] <= day <= t["ends_on"]
            and (t["kind"] != "extension"
                 or any(t["approved_on"] <= o["ends_on"] < t["starts_on"]
                        for o in terms if o["kind"] != "extension"))
            for t in terms
        )

    def _left_in_time(self, conflict):
        """Tell whether a member of a panel, not its lead, declared the interest and left."""
        declared = _instant(conflict["declared_at"])
        return (declared is not None and declared <= self.span[1] and self.lead is not None
                and conflict["expert_id"] not in (None, self.lead["expert_id"]))

    def _is_waived(self, conflict):
        """Tell whether the interest was waived before the start; for a review nobody can."""
        waived = _instant(conflict["waived_at"])
        return waived is not None and waived <= self.span[0] and not self.is_review

    def _expert_counts(self, expert):
        left = any(c["expert_id"] == expert["expert_id"] and self._left_in_time(c)
                   for c in self.inputs["conflicts"])
        has_signed = expert["is_lead"] or self._known(expert["signed_at"])
        return self.in_term(expert) and not expert["is_suspended"] and has_signed and not left

    def _is_vouched(self, attendee):
        if self._known(attendee["vouched_at"]):
            return True
        speaks = attendee["is_contact"] or len(self.inputs["attendees"]) == 1
        return speaks and self.type not in BY_SIGN_IN

    def _is_late(self, instant):
        days = self.policy["late_confirmation_days"]
        return days is not None and (instant.astimezone(BEIJING).date() - self.day).days > days

    def _is_confirmed(self):
        if self.ruling == "ruled_delivered":
            return True
        given = self.inputs["confirmation"]
        return (self._known(self.inputs["recorded_at"]) and given is not None
                and self._known(given["confirmed_at"])
                and not self._is_late(_instant(given["confirmed_at"])))

    def _measured(self):
        """Return the minutes of the part, and of each counted expert his own."""
        facts, cap = self.inputs, self._cap()
        if facts["stated_minutes"] is not None:
            return self._stated(cap)
        there = [_common(_span(e["present"]) or self.span, _span(a["present"]) or self.span, self.span)
                 for e in self.experts
                 for a in (self.attendees or [{"present": None}])]
        there = [span for span in there if span]
        if not there:
            return 0, {e["expert_id"]: 0 for e in self.experts}
        start, end = min(s[0] for s in there), max(s[1] for s in there)
        breaks = facts["break_minutes"]
        minutes = max(0, _whole_minutes((start, end)) - breaks)
        minutes = minutes if cap is None else min(minutes, cap)
        window = (start, min(end, start + timedelta(minutes=minutes + breaks)))
        own = {}
        for expert in self.experts:
            span = _common(_span(expert["present"]) or window, window)
            length = _whole_minutes(span) if span else 0
            own[expert["expert_id"]] = max(0, length - breaks - expert["recused_minutes"])
        return minutes, own

    def _cap(self):
        planned = _span(self.inputs["planned"])
        usual = (self.policy["standard_minutes"] or {}).get(self.type)
        planned = _whole_minutes(planned) if planned else usual
        beyond = self.policy["overrun_cap_minutes"]
        if planned is None or beyond is None or self.inputs["is_overrun_approved"]:
            return None
        return planned + beyond

    def _stated(self, cap):
        def capped(length):
            return length if cap is None else min(length, cap)

        minutes = capped(self.inputs["stated_minutes"])
        own = {}
        for e in self.experts:
            length = minutes if e["stated_minutes"] is None else capped(e["stated_minutes"])
            own[e["expert_id"]] = max(0, length - e["recused_minutes"])
        return minutes, own

    def _void(self):
        said = self.inputs["void_code"]
        if said == "voided" or self.ruling is None or self.ruling == "ruled_excused":
            return said
        return None if self.ruling == "ruled_delivered" else self.ruling

    def _reasons(self):
        facts, void = self.inputs, self._void()
        lead_in_term = self.lead is not None and self.in_term(self.lead)
        settled = self.is_confirmed or not facts["is_timed"]
        holds = {
            "test_data": facts["is_test"],
            "not_a_session": void == "not_a_session" or (facts["is_text"] and not self.is_text),
            "disputed": self.is_disputed,
            "conflict_of_interest": any(not self._is_waived(c) and not self._left_in_time(c)
                                        for c in facts["conflicts"]),
            "mentor_suspended": self.lead is not None and self.lead["is_suspended"],
            "mentor_out_of_term": not lead_in_term,
            "identity_unverified": self.present and not self.attendees and not self.is_review,
            "no_attendee": not self.present and not self.is_review,
            "below_minimum": not self.is_text and settled and self.minutes < self.minimum(),
            "unconfirmed": not self.is_confirmed,
            "outside_district": not facts["is_in_district"],
        }
        return [r for r in REASONS if holds.get(r) or r == void]

    def minimum(self):
        """Return the least minutes with which the type counts."""
        return self.policy["min_minutes"].get(self.type, 0)

    def _column(self):
        columns = (
            ("outside_district", not self.inputs["is_in_district"]),
            ("waived_conflict", any(map(self._is_waived, self.inputs["conflicts"]))),
            ("text", self.is_text),
            ("follow_up", self.type == "follow_up"),
            ("review", self.is_review),
        )
        return next((name for name, belongs in columns if belongs), None)

    def may_merge(self):
        """Tell whether the record meets every rule a part must meet."""
        return not set(self.reasons) - {"below_minimum", "outside_district"}

    def pending(self, shown):
        """Return what the record waits for, given the reason shown."""
        if shown == "disputed":
            return "awaiting_ruling"
        if shown != "unconfirmed" or self._is_late(self.asof):
            return None
        return "awaiting_confirmation" if self._known(self.inputs["recorded_at"]) else "awaiting_record"


def decide(inputs, policies, asof):
    """Return the decision on every record, by the id of its session."""
    parts = sorted((Part(one, policies, asof) for one in inputs), key=lambda p: (p.span[0], p.id))
    joining = [p for p in parts if p.may_merge()]
    doubled = _later_entries(joining)
    decisions = {}
    for part in parts:
        if part not in joining:
            decisions[part.id] = _decision([part], part.reasons)
    for part in doubled:
        decisions[part.id] = _decision([part], ["duplicate"] + part.reasons)
    for group in _groups([p for p in joining if p not in doubled]):
        decisions[group[0].id] = _decision(group, _reasons_of_all(group))
        for part in group[1:]:
            decisions[part.id] = _decision([part], ["merged"] + part.reasons, group[0].id)
    return decisions


def _later_entries(parts):
    """Return the records that claim an expert's time which an earlier entry of the day claims."""
    taken, later = {}, []
    entered = [p for p in parts if p.inputs["entered_at"] and p.inputs["is_timed"] and not p.is_text]
    for part in sorted(entered, key=lambda p: (_instant(p.inputs["entered_at"]), p.id)):
        spans = [(e["expert_id"], _span(e["present"]) or part.span) for e in part.experts]
        if not part.inputs["is_overlap_ruled"] and any(
            _common(span, other) for key, span in spans for other in taken.get(key, ())
        ):
            later.append(part)
            continue
        for key, span in spans:
            taken.setdefault(key, []).append(span)
    return later


def _groups(parts):
    """Return the services the records make up, each with its parts in order of start."""
    groups = []
    for part in parts:
        group = next((g for g in groups if _continues(part, g)), None)
        if group is None:
            groups.append([part])
        else:
            group.append(part)
    return groups


def _alike(part):
    venture = part.inputs["venture"]
    experts = {e["expert_id"] for e in part.experts}
    return (part.type, part.day, venture and venture["venture_id"], part.inputs["topic"],
            set(part.persons), experts)


def _continues(part, group):
    if not part.inputs["is_timed"] or not group[-1].inputs["is_timed"] or part.is_text:
        return False
    pause = part.span[0] - max(p.span[1] for p in group)
    longest = timedelta(minutes=part.policy["merge_gap_minutes"])
    return timedelta(0) <= pause <= longest and _alike(part) == _alike(group[0])


def _reasons_of_all(group):
    """Return the reasons of a service; the minimum is tested after its parts are added up."""
    if len(group) == 1:
        return group[0].reasons
    reasons = {r for part in group for r in part.reasons} - {"below_minimum"}
    if sum(p.minutes for p in group) < group[0].minimum():
        reasons.add("below_minimum")
    return [r for r in REASONS if r in reasons]


def _decision(group, reasons, merged_into=None):
    first, shown = group[0], reasons[0] if reasons else None
    column = next((p.column for p in group if p.column), None)
    if shown not in (None, "outside_district"):
        status, column = "not_counted", None
    else:
        status = "counted_apart" if column else "counted"
    given = [p.inputs["confirmation"] for p in group if p.inputs["confirmation"]]
    own = Counter()
    for part in group:
        own.update(part.expert_minutes)
    kinds = sorted((c["kind"] for c in given), key=KINDS_STRONGEST_FIRST.index)
    return {
        "session_id": first.id, "session_type": first.type, "day": first.day.isoformat(),
        "started_at": first.span[0].isoformat(), "status": status, "column": column,
        "reason": shown, "reasons": list(reasons), "minutes": sum(p.minutes for p in group),
        "expert_minutes": sorted([key, length] for key, length in own.items()),
        "person_ids": first.persons, "venture": first.inputs["venture"],
        "anonymous_heads": first.inputs["anonymous_heads"],
        "review_projects": first.inputs["review_projects"],
        "parts": [] if merged_into else [p.id for p in group], "merged_into": merged_into,
        "confirmation": kinds[-1] if kinds else None, "pending": first.pending(shown),
        "policy": first.policy["code"],
        "inputs_hash": inputs_hash([p.inputs for p in group], first.policy),
    }


def inputs_hash(parts, policy):
    """Return the SHA-256 over the inputs of all parts and the policy, in whatever order."""
    text = canonical({"parts": _ordered(parts), "policy": policy})
    return hashlib.sha256(_bytes(text)).hexdigest()


def _ordered(value):
    if isinstance(value, dict):
        return {key: _ordered(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_ordered, value), key=canonical)
    return value


def adds(decision):
    """Return what one record adds to the figures that may be summed."""
    persons, minutes = len(decision["person_ids"]), decision["minutes"]
    mentors = sum(length for _, length in decision["expert_minutes"])
    column, kind = decision["column"], decision["session_type"]
    if decision["status"] == "not_counted":
        return {}
    if column == "review":
        return {"review_sessions": 1, "review_projects": decision["review_projects"],
                "review_mentor_minutes": mentors}
    if column == "text":
        return {"text_answers": 1}
    if column == "follow_up":
        return {"follow_ups": 1}
    if column is not None:
        return {column + "_sessions": 1, column + "_person_times": persons,
                column + "_minutes": minutes}
    added = {"sessions": 1, "person_times": persons, "session_minutes": minutes,
             "mentor_minutes": mentors, "anonymous_heads": decision["anonymous_heads"]}
    if kind in BY_SIGN_IN:
        added.update({kind + "_sessions": 1, kind + "_person_times": persons, kind + "_minutes": minutes})
    return added


def count(decisions, month):
    """Return every figure of the month with the sessions behind it, in order of their start."""
    ours = sorted((d for d in decisions.values() if d["day"].startswith(month)),
                  key=lambda d: (d["started_at"], d["session_id"]))
    headline = [d for d in ours if d["status"] == "counted"]
    figures = {name: (sum(adds(d).get(name, 0) for d in ours),
                      [d["session_id"] for d in ours if adds(d).get(name)]) for name in SUMS}
    persons = {person for d in headline for person in d["person_ids"]}
    figures["distinct_persons"] = (len(persons), [d["session_id"] for d in headline if d["person_ids"]])
    served = _served(headline)
    for name, wanted in (("enterprises", True), ("teams", False)):
        rows = [d["session_id"] for d in headline
                if _venture_of(d) and served[_venture_of(d)["venture_id"]] is wanted]
        figures[name] = (list(served.values()).count(wanted), rows)
    for name, rows in (
        ("records", ours),
        ("not_counted", [d for d in ours if d["status"] == "not_counted"]),
        *((kind, [d for d in ours if d["pending"] == kind]) for kind in PENDING),
    ):
        figures[name] = (len(rows), [d["session_id"] for d in rows])
    return figures


def _venture_of(decision):
    return decision["venture"] if decision["session_type"] in ADVICE else None


def _served(headline):
    """Return the ventures served and whether each was an enterprise at one of its services."""
    served = {}
    for decision in headline:
        venture = _venture_of(decision)
        if venture:
            since = venture["registered_on"]
            is_enterprise = since is not None and since <= decision["day"]
            served[venture["venture_id"]] = served.get(venture["venture_id"], False) or is_enterprise
    return served


# ---------------------------------------------------------------- 3 the inputs


class Month:
    """The closed month of a bundle: its files, and the trail they are held against."""

    def __init__(self, manifest, files, trail, found):
        """Read the files of inputs and find the closing in the trail."""
        self.manifest, self.trail, self.found = manifest, trail, found
        self.name = manifest.get("month")
        self.lists = {name: _rows(files, name + ".json", found) for name in (
            "sessions", "records", "figures", "adjustments", "policies")}
        # A bundle from before there were files or diagnoses lists none; sealed ones that are left out are named.
        for name in ("attachments", "diagnoses", "reports", "signatures"):
            has_file = name + ".json" in files
            self.lists[name] = _rows(files, name + ".json", found) if has_file else []
        self.period = next((r for r in trail.rows("periods") if r.get("month") == self.name), None)
        if self.period is None:
            found.stop("row.untold", "periods", self.name)
        self.cut = _instant(self.period["cut_at"])
        self.closing = trail.first_seq("periods", self.period["id"])
        self.policies = trail.rows("counting_policies")
        self.sealed = {row["id"]: row for row in trail.rows("service_records")}
        self.last = 0
        self.days_alone = set()

    def check_lists(self):
        """Hold every listed row against its sealed entry, and every sealed row against the lists."""
        tables = {"records": "service_records", "figures": "published_figures",
                  "adjustments": "adjustments", "policies": "counting_policies",
                  "attachments": "attachments", "diagnoses": "diagnoses",
                  "reports": "diagnosis_reports", "signatures": "diagnosis_signatures"}
        for name, table in tables.items():
            told = Counter(row["id"] for row in self.lists[name])
            for row in self.lists[name]:
                self._check_row(table, row)
                if told[row["id"]] > 1:
                    self.found.add("row.twice", table, row["id"])
            for row in self.trail.rows(table):
                if row["id"] not in told:
                    self.found.add("row.omitted", table, row["id"], self.trail.first_seq(table, row["id"]))
        told = {row["id"] for row in self.lists["sessions"]}
        for key in sorted(key for table, key in self.trail.about if table == "service_sessions"):
            if key not in told:
                seq = self.trail.first_seq("service_sessions", key)
                self.found.add("row.omitted", "service_sessions", key, seq)
        for name, sealed in (("cut_at", self.period["cut_at"]), ("policy", self.period["policy_code"])):
            if self.manifest.get(name) != sealed:
                self.found.add("manifest.says", name, self.manifest.get(name), sealed)

    def _check_row(self, table, row):
        sealed = self.trail.row(table, row["id"])
        if sealed is None:
            self.found.add("row.untold", table, row["id"])
            return
        for place, ours, theirs in _differences(row, {n: sealed[n] for n in row if n in sealed}):
            self.found.add("row.differs", table, row["id"], place, ours, theirs)

    def check_signatures(self):
        """Check that what counts as signed is, by those who sign it, under the text it has."""
        reports = {row["id"]: row for row in self.lists["reports"]}
        signed = {}
        for row in self.lists["signatures"]:
            report = reports.get(row["report_id"])
            if report is None:
                self.found.add("row.untold", "diagnosis_reports", row["report_id"])
                continue
            if row["digest"] != report["digest"]:
                self.found.add("signature.other_text", row["id"], report["id"])
            if row["expert_id"] not in report["signers"]:
                self.found.add("signature.of_nobody", row["id"], row["expert_id"], report["id"])
            signed.setdefault(report["id"], set()).add(row["expert_id"])
        for listed in self.lists["diagnoses"]:
            diagnosis = self.trail.row("diagnoses", listed["id"])
            if diagnosis is None or diagnosis["status"] not in ("signed", "presented", "understood", "objected"):
                continue
            for report in reports.values():
                number = diagnosis["report_number"]
                if report["diagnosis_id"] == diagnosis["id"] and report["number"] == number:
                    for key in sorted(set(report["signers"]) - signed.get(report["id"], set())):
                        self.found.add("diagnosis.unsigned", diagnosis["id"], number, key)

    def check_numbers(self):
        """Check that the decisions on each session are numbered without holes."""
        numbers = {}
        for row in self.lists["records"]:
            numbers.setdefault(row.get("service_session_id"), []).append(row.get("number"))
        for key, found in sorted(numbers.items(), key=str):
            if sorted(found, key=str) != sorted(range(1, len(found) + 1), key=str):
                self.found.add("record.numbers", key, found)
        known = {row["id"] for row in self.lists["records"]}
        for figure in self.trail.rows("published_figures"):
            for key in figure["rows"]:
                if figure["period_id"] == self.period["id"] and key not in known:
                    self.found.add("record.omitted", key, figure["measure"])
        listed = {row["id"] for row in self.lists["sessions"]}
        for key in sorted(set(filter(None, numbers)) - listed):
            self.found.add("row.untold", "sessions.json", key)

    def frozen(self):
        """Return the decision on each session that stood when the month was closed, by its id."""
        def stood(row):
            entered = self.trail.about.get(("service_records", row["id"]))
            is_before = entered is None or entered[0][2] < self.closing
            return is_before and _instant(row["decided_at"]) <= self.cut

        return self.newest([row for row in self.lists["records"] if stood(row)])

    def last_frozen(self):
        """Return the number of the entry of the last decision that is frozen."""
        keys = [row["id"] for row in self.frozen().values() if row["id"] in self.sealed]
        return max((self.trail.first_seq("service_records", key) for key in keys), default=0)

    def was_known(self, instant, seq):
        """Tell whether an entry was known at the cut.

        It was when it was made until then and before the closing; and so was everything that
        stands before the last frozen decision, whatever the clock of the day said.
        """
        return seq < self.last or (instant <= self.cut and seq < self.closing)

    def newest(self, records):
        """Return the newest of the decisions on each session, by its id."""
        found = {}
        for row in records:
            known = found.get(row["service_session_id"])
            if known is None or known["number"] < row["number"]:
                found[row["service_session_id"]] = row
        return found

    def check_undecided(self):
        """Name the sessions that took place by the cut and on which nothing was decided."""
        decided = self.frozen()
        for row in self.trail.rows("service_sessions", self.was_known):
            if row["status"] in ("finished", "no_show", "contested", "ruled") and row["id"] not in decided:
                self.found.add("session.undecided", row["id"], row["status"])

    def check_cut(self):
        """Compute the cut from the closing and from the working days entered before it."""
        rows = self.trail.rows("calendar_days", lambda _, seq: seq < self.closing)
        days = {r["day"]: r["kind"] for r in rows if not r.get("is_withdrawn")}
        year, month = map(int, self.name.split("-"))
        day = date(year + month // 12, month % 12 + 1, 1)
        left = policy_of(self.policies, date(year, month, 1))["close_working_day"]
        while True:
            kind = days.get(day.isoformat(), "workday" if day.weekday() < 5 else "off")
            left -= kind == "workday"
            if not left:
                break
            day += timedelta(days=1)
        latest = datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1)
        cut = min(latest, _instant(self.period["closed_at"])).astimezone(UTC)
        if cut != self.cut:
            self.found.add("cut.wrong", self.period["cut_at"], cut.isoformat())


def _differences(ours, theirs, place=""):
    """Yield the places at which two values differ, with both."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted(set(ours) | set(theirs)):
            inner = "%s.%s" % (place, name) if place else name
            if (name in ours) != (name in theirs):
                yield inner, ours.get(name, "missing"), theirs.get(name, "missing")
            else:
                yield from _differences(ours[name], theirs[name], inner)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, pair in enumerate(zip(ours, theirs)):
            yield from _differences(*pair, "%s[%d]" % (place, number))
    elif type(ours) is not type(theirs) or ours != theirs:
        yield place, ours, theirs


# ------------------------------------------- the inputs of a decision against the rows themselves


class Rows:
    """The sealed rows as they were at the cut, by the session they are about."""

    def __init__(self, trail, known):
        """Sort the rows as they were known."""
        def by(table, column):
            found = {}
            for row in trail.rows(table, known):
                found.setdefault(row.get(column), []).append(row)
            return found

        self.sessions = {r["id"]: r for r in trail.rows("service_sessions", known)}
        self.attendances = by("attendances", "service_session_id")
        self.outcomes = by("outcomes", "service_session_id")
        self.versions = by("outcome_versions", "outcome_id")
        self.confirmations = by("confirmations", "outcome_id")
        self.disputes = by("disputes", "service_session_id")
        self.corrections = by("corrections", "service_session_id")
        self.terms = by("appointments", "expert_id")
        self.stand_downs = by("stand_downs", "expert_id")
        self.registered = {}
        for row in trail.rows("venture_registrations", known):
            noted = trail.told("venture_registrations", row["id"], known)[-1][0]
            self.registered.setdefault(row["venture_id"], []).append((noted, row["registered_on"]))
        self._told = lambda key: trail.told("ventures", key, known)
        self.aliases = {r["alias_id"]: r["person_id"] for r in trail.rows("person_aliases", known)}

    def registered_on(self, key):
        """Return whether the trail tells when a venture was registered, and the newest day of it."""
        told = [(seq, body["facts"]["registered_on"]) for seq, body in self._told(key) or ()
                if "registered_on" in (body.get("facts") or {})]
        told += self.registered.get(key, [])
        return bool(told), max(told)[1] if told else None

    def person(self, key):
        """Return the id under which a person counts."""
        for _ in range(len(self.aliases) + 1):
            key = self.aliases.get(key, key)
        return key


def check_facts(month, rows, inputs):
    """Compare what a session was counted with with the sealed rows of the time of the cut."""
    session = rows.sessions.get(inputs["session_id"])
    if session is None:
        return  # its row holds text that is not shown; the sealed decision holds the facts
    said = _facts_of_session(session, rows)
    said.update(_facts_of_outcome(session, rows))
    for name, value in said.items():
        counted = _plain_input(name, inputs)
        if counted != value:
            month.found.add("fact.differs", session["id"], name, counted, value)
    _check_people(month, rows, session, inputs)
    _check_registration(month, rows, session, inputs["venture"])


def _check_registration(month, rows, session, venture):
    """Compare since when the venture is registered with what the trail told of it by the cut."""
    if venture is None:
        return
    is_told, day = rows.registered_on(venture["venture_id"])
    if not is_told:
        month.days_alone.add(venture["venture_id"])
    elif venture["registered_on"] != day:
        facts = (session["id"], "venture.registered_on", venture["registered_on"], day)
        month.found.add("fact.differs", *facts)


def _plain_input(name, inputs):
    value = inputs
    for step in name.split("."):
        value = value[step] if value is not None else None
    return value


def _corrected(session, rows):
    """Return the approved corrections of the session, in the order in which they were approved."""
    approved = [c for c in rows.corrections.get(session["id"], ()) if c["status"] == "approved"]
    return sorted(approved, key=lambda c: _instant(c["checked_at"]))


def _facts_of_session(session, rows):
    start, end = session["actual_start"], session["actual_end"]
    if start is None or end is None:
        start = end = session["planned_starts_at"]
    is_planned = session["entered_by_id"] is None
    missed = session["no_show"] if session["status"] in ("no_show", "contested", "ruled") else None
    said = {
        "session_type": session["session_type"], "topic": session["topic"],
        "actual.starts_at": start, "actual.ends_at": end, "break_minutes": session["break_minutes"],
        "planned.starts_at": session["planned_starts_at"] if is_planned else None,
        "planned.ends_at": session["planned_ends_at"] if is_planned else None,
        "venture.venture_id": session["venture_id"], "is_test": session["is_test"],
        "is_text": session["is_written"], "is_in_district": session["area"] != "outside",
        "anonymous_heads": session["anonymous_heads"],
        "review_projects": session["review_projects"] or 0,
        "void_code": "voided" if session["voided_at"] is not None else missed,
        "is_overrun_approved": False,
        **{"dimensions." + name: session[name] for name in ("department", "area", "street", "industry")},
    }
    for correction in _corrected(session, rows):
        value = correction["value"]
        if correction["operation"] == "set_actual_times":
            said["actual.starts_at"] = _instant(value["actual_start"]).isoformat()
            said["actual.ends_at"] = _instant(value["actual_end"]).isoformat()
            said["break_minutes"] = value["break_minutes"]
        elif correction["operation"] == "set_topic":
            said["topic"] = value
        elif correction["operation"] == "set_venture":
            said["venture.venture_id"] = value["venture_id"]
            said["is_in_district"] = value["area"] != "outside"
            said.update({"dimensions." + name: value[name] for name in ("area", "street", "industry")})
        elif correction["operation"] == "set_overrun":
            said["is_overrun_approved"] = value
        elif correction["operation"] == "void":
            said["void_code"] = "voided"
    return said


def _facts_of_outcome(session, rows):
    said = {}
    outcomes = rows.outcomes.get(session["id"])
    if outcomes:
        written = [v["created_at"] for v in rows.versions.get(outcomes[0]["id"], ())]
        said["recorded_at"] = min(written, key=_instant) if written else None
        said["confirmation.confirmed_at"] = outcomes[0]["confirmed_at"]
        said["confirmation.kind"] = outcomes[0]["confirmation_kind"] if outcomes[0]["confirmed_at"] else None
    disputes = [d for d in rows.disputes.get(session["id"], ()) if not d["is_absence"]]
    newest = max(disputes, key=lambda d: (_instant(d["opened_at"]), d["id"]), default=None)
    for name in ("opened_at", "ruled_at", "ruling"):
        said["dispute." + name] = newest[name] if newest else None
    return said


def _check_people(month, rows, session, inputs):
    """Compare persons, experts, their times and their terms with the sealed rows."""
    struck = {rows.person(c["value"]) for c in _corrected(session, rows)
              if c["operation"] == "remove_attendee"}
    came = {}
    for row in rows.attendances.get(session["id"], ()):
        if row["side"] == "expert":
            counted = next((e for e in inputs["experts"] if e["expert_id"] == row["expert_id"]), None)
            _check_expert(month, session, row, counted, rows, inputs["conflicts"])
        elif row["is_present"]:
            came.setdefault(rows.person(row["person_id"]), []).append(row)
    attendees = {a["person_id"]: a for a in inputs["attendees"]}
    for key in sorted(set(came) - struck - set(attendees)):
        month.found.add("fact.differs", session["id"], "attendee " + key, "absent", "present")
    for key in sorted(struck & set(attendees)):
        month.found.add("fact.differs", session["id"], "attendee " + key, "present", "struck")
    for key in sorted(set(came) & set(attendees)):
        _check_attendee(month, session, came[key], attendees[key], rows)


def _check_attendee(month, session, listed, counted, rows):
    """Compare one person, under whatever ids he is listed."""
    said = [v["created_at"] for outcome in rows.outcomes.get(session["id"], ())
            for v in rows.confirmations.get(outcome["id"], ())
            if v["agrees"] and rows.person(v["person_id"]) == counted["person_id"]]
    said += [row["checked_in_at"] for row in listed
             if row["checked_in_at"] and row["evidence"] in ("code", "signature")]
    facts = {"vouched_at": min(said, key=_instant, default=None)}
    if any(row["identity_level"] != "none" for row in listed):
        facts["is_identified"] = True
    if len(listed) == 1:
        facts["present"] = _own_times(session, listed[0])
    _compare_person(month, session, "attendee " + counted["person_id"], facts, counted)


def _check_declared(month, session, row, conflicts):
    """Compare when an expert declared a tie and left the meeting, if he did."""
    counted = [c["declared_at"] for c in conflicts if c["expert_id"] == row["expert_id"]]
    said, declared = row.get("stood_aside_at"), next(filter(None, counted), None)
    if declared != said:
        where = "expert %s.declared_at" % row["expert_id"]
        month.found.add("fact.differs", session["id"], where, declared, said)


def _stood_down(row, start):
    """Tell whether the stand-down held when a session began: ordered before and not yet lifted."""
    lifted, day = _instant(row["lifted_at"]), start.astimezone(BEIJING).date().isoformat()
    is_over = lifted is not None and lifted <= start
    return _instant(row["ordered_at"]) <= start and not is_over and row["first_on"] <= day <= row["last_on"]


def _check_expert(month, session, row, counted, rows, conflicts):
    name, start = "expert %s" % row["expert_id"], _instant(_facts_of_session(session, rows)["actual.starts_at"])
    if counted is None:
        month.found.add("fact.differs", session["id"], name, "absent", "listed")
        return
    facts = {"is_lead": row["is_lead"], "recused_minutes": row["recused_minutes"] or 0,
             "present": _own_times(session, row),
             "is_suspended": any(_stood_down(each, start) for each in rows.stand_downs.get(row["expert_id"], ()))}
    if not row["is_lead"] and session["activity_id"] is None:
        facts["signed_at"] = row["signed_at"]
    _compare_person(month, session, name, facts, counted)
    if session["activity_id"] is None:
        _check_declared(month, session, row, conflicts)
    fields = ("starts_on", "ends_on", "approved_on", "kind")
    ours = sorted([term[f] for f in fields] for term in counted["terms"])
    theirs = sorted([term[f] for f in fields] for term in rows.terms.get(row["expert_id"], ()))
    if ours != theirs:
        month.found.add("fact.differs", session["id"], name + ".terms", ours, theirs)


def _compare_person(month, session, name, facts, counted):
    for field, value in facts.items():
        if counted[field] != value:
            where = "%s.%s" % (name, field)
            month.found.add("fact.differs", session["id"], where, counted[field], value)


def _own_times(session, row):
    """Return somebody's own times, None where they are those of the session."""
    own = (row["in_at"], row["out_at"])
    if None in own or own == (session["actual_start"], session["actual_end"]):
        return None
    return {"starts_at": own[0], "ends_at": own[1]}


# ---------------------------------------------------------------- 4 the count

COMPARED = (
    "status", "column", "reason", "reasons", "minutes", "expert_minutes", "person_ids", "venture",
    "anonymous_heads", "review_projects", "parts", "merged_into", "confirmation", "policy", "day",
)


def recount(month, rows):
    """Decide and count again, and compare with what was decided and published."""
    at_cut = month.frozen()
    decisions = _decided_again(month, at_cut, month.cut, rows)
    if decisions is None:
        return
    figures = count(decisions, month.name)
    record_of = {key: row["id"] for key, row in at_cut.items()}
    published = {row.get("measure"): row for row in month.lists["figures"]}
    for name in FIGURES:
        if name not in published:
            month.found.add("figure.missing", name)
            continue
        _compare_figure(month, published[name], figures[name], record_of)
    for name in sorted(set(published) - set(FIGURES), key=str):
        month.found.add("figure.unknown", name)
    _check_restated(month, figures)


def _decided_again(month, records, asof, rows=None):
    """Return the decisions on the records counted again, None when that is not possible.

    Those of the nights before and after the month are decided with it and compared in their own.
    """
    inputs = []
    for record in sorted(records.values(), key=lambda r: r["id"]):
        given = record.get("inputs")
        if given is None:
            month.found.add("record.no_inputs", record["id"])
            return None
        try:
            Part(given, month.policies, asof)
            if rows is not None:
                check_facts(month, rows, given)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            month.found.add("record.inputs", record["id"], "%s: %s" % (type(error).__name__, error))
            return None
        inputs.append(given)
    decisions = decide(inputs, month.policies, asof)
    for key, record in sorted(records.items()):
        if record["month"] == month.name:
            _compare_decision(month, record, decisions.get(key))
    return decisions


def _compare_decision(month, record, again):
    sealed = month.sealed.get(record["id"])
    if sealed is None:
        return  # named already: the trail does not tell of it
    if again is None:
        month.found.add("record.inputs", record["id"], "session_id")
        return
    if again["inputs_hash"] != sealed["inputs_hash"]:
        month.found.add("record.hash", record["id"])
    for name in COMPARED:
        if again[name] != sealed["detail"][name]:
            facts = (record["id"], again["session_id"], name, sealed["detail"][name], again[name])
            month.found.add("record.recount", *facts)


def _compare_figure(month, row, again, record_of):
    name, (value, sessions) = row["measure"], again
    if row["value"] != value:
        month.found.add("figure.recount", name, row["value"], value)
    behind = [record_of[key] for key in sessions]
    if row["rows"] != behind:
        differing = set(row["rows"]) ^ set(behind) if isinstance(row["rows"], list) else behind
        month.found.add("figure.rows", name, len(differing) or "order")
    said = {"month": month.name, "cut_at": month.period["cut_at"], "policy": month.period["policy_code"],
            "measure": name, "value": row["value"], "rows": row["rows"]}
    if hashlib.sha256(_bytes(canonical(said))).hexdigest() != row["sha256"]:
        month.found.add("figure.hash", name)


def _check_restated(month, figures):
    """Check that what was reported and what was adjusted later make what is known at the end."""
    newest = month.newest(month.lists["records"])
    last = max((_instant(r["decided_at"]) for r in month.lists["records"]), default=month.cut)
    decisions = _decided_again(month, newest, max(last, month.cut))
    if decisions is None:
        return
    restated = count(decisions, month.name)
    for name in SUMS:
        moved = sum(row["deltas"]["measures"].get(name, 0) for row in month.lists["adjustments"])
        if figures[name][0] + moved != restated[name][0]:
            month.found.add("figure.restated", name, figures[name][0] + moved, restated[name][0])


# ---------------------------------------------------------------- all of it


def verify(path, fingerprint=None, head=None, folder=None):
    """Return the findings, and what is to be said of the bundle besides.

    The files of the meetings are looked at where `folder` says where their bytes are.
    """
    found, notes = Findings(), []
    try:
        files = read_archive(path, found)
        manifest = check_manifest(files, found)
        entries = _lines(files, "trail/entries.jsonl", found)
        seals = _lines(files, "trail/seals.jsonl", found)
        keys = _keys(files, found)
        leaves, bodies = check_entries(entries, found)
        check_seals(seals, leaves, found)
        unsigned, older = check_signatures(seals, keys, (fingerprint, head), found)
        check_head(seals, head, found)
        _check_extent(manifest, entries, seals, found)
        month = _checked_month(manifest, files, Trail(bodies, entries), found)
        if folder is not None:
            check_files(month, folder)
        notes = _notes(month, entries, seals, (unsigned, older, fingerprint))
    except Unreadable:
        pass
    return found, notes


def check_files(month, folder):
    """Compare the bytes of every listed file with its hash; they lie in folders of two signs each."""
    for row in month.lists["attachments"]:
        name = str(row.get("sha256"))
        if not re.fullmatch("[0-9a-f]{64}", name):
            continue
        try:
            with open(os.path.join(folder, name[:2], name), "rb") as stream:
                said = hashlib.sha256(stream.read()).hexdigest()
        except OSError:
            month.found.add("file.missing", name, row.get("service_session_id"))
            continue
        if said != name:
            month.found.add("file.changed", name, row.get("service_session_id"))


def _check_extent(manifest, entries, seals, found):
    """Compare what the manifest says of the trail with the trail."""
    last = {name: seals[-1].get(name) for name in ("number", "digest")} if seals else None
    for name, there in (("entries", len(entries)), ("head", last)):
        if manifest.get(name) != there:
            found.add("manifest.says", name, manifest.get(name), there)


def _checked_month(manifest, files, trail, found):
    month = Month(manifest, files, trail, found)
    try:
        month.check_lists()
        month.check_numbers()
        month.check_signatures()
        month.last = month.last_frozen()
        month.check_undecided()
        month.check_cut()
        recount(month, Rows(trail, month.was_known))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found.stop("file.form", month.name, "%s: %s" % (type(error).__name__, error))
    return month


def _keys(files, found):
    keys = _json(files, "keys.json", found, dict).get("ed25519")
    if not isinstance(keys, list) or not all(
        isinstance(key, str) and re.fullmatch("[0-9a-f]{64}", key) for key in keys
    ):
        found.stop("file.form", "keys.json", "ed25519")
    return [bytes.fromhex(key) for key in keys]


def _notes(month, entries, seals, signatures):
    unsigned, older, fingerprint = signatures
    lists = month.lists
    notes = [("counts", (month.name, len(entries), len(seals), len(lists["sessions"]),
                         len(lists["records"]), len(lists["figures"])))]
    if lists["attachments"]:
        notes.append(("files", (len(lists["attachments"]),)))
    if lists["reports"]:
        notes.append(("reports", (len(lists["reports"]), len(lists["signatures"]))))
    if month.days_alone:
        notes.append(("days_alone", (len(month.days_alone),)))
    hidden = sum("withheld" in entry for entry in entries)
    for code, number in (("withheld", hidden), ("unsigned", unsigned), ("older_keys", older if fingerprint else 0)):
        if number:
            notes.append((code, (number,)))
    return notes


def _printed_head(text):
    number, colon, digest = text.strip().partition(":")
    if not colon or not number.isdigit() or not re.fullmatch("[0-9a-fA-F]{64}", digest):
        raise argparse.ArgumentTypeError("write NUMBER:DIGEST, the digest as 64 hexadecimal digits")
    return int(number), digest.lower()


def _printed_fingerprint(text):
    plain = text.replace(":", "").replace(" ", "").lower()
    if not re.fullmatch("[0-9a-f]{64}", plain):
        raise argparse.ArgumentTypeError("a fingerprint has 64 hexadecimal digits")
    return plain


def main(words=None):
    """Verify as the command line says, tell what was found, and return the exit code."""
    parser = argparse.ArgumentParser(prog="verify_bundle.py", description=__doc__.splitlines()[0])
    parser.add_argument("bundle", help="the zip file")
    parser.add_argument("--key-fingerprint", type=_printed_fingerprint, metavar="HEX")
    parser.add_argument("--head", type=_printed_head, metavar="NUMBER:DIGEST")
    parser.add_argument("--files", metavar="FOLDER", help="where the files of meetings are")
    parser.add_argument("--zh", action="store_true", help="answer in Chinese 用中文回答")
    asked = parser.parse_args(words)
    language = 1 if asked.zh else 0
    try:
        with open(asked.bundle, "rb") as stream:
            found, notes = verify(stream, asked.key_fingerprint, asked.head, asked.files)
    except OSError as error:
        parser.error(str(error))
    for code, facts in notes:
        print(SAYS[code][language].format(*facts))
    for code, facts in found.faults[:MOST_SHOWN]:
        print("- " + TEXTS[code][language].format(*facts))
    if len(found.faults) > MOST_SHOWN:
        print(SAYS["more"][language].format(len(found.faults) - MOST_SHOWN))
    if found.faults:
        print(SAYS["faults"][language].format(len(found.faults)))
        return 1
    if asked.key_fingerprint is None or asked.head is None:
        print(SAYS["unproven"][language])
        return 1
    print(SAYS["verified"][language])
    return 0


if __name__ == "__main__":
    sys.exit(main())
