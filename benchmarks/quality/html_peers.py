"""Run one of the peers of `extract_html.py` over pages, in the peer's own environment.

    PEER_PYTHON benchmarks/quality/html_peers.py TOOL < pages.jsonl > results.jsonl

A page is {"name", "data" (base64), "encoding"}, a result {"name", "text", "title", "date",
"author", "seconds"}. Tools that take bytes get the bytes; the others get text in the true encoding.
"""

import base64
import json
import sys
import time

from lxml import etree


def trafilatura():
    """Return trafilatura as a function of (bytes, encoding)."""
    from trafilatura import bare_extraction

    def extract(data, encoding):
        found = bare_extraction(data, with_metadata=True, include_comments=False)
        fields = found.as_dict() if hasattr(found, "as_dict") else found or {}
        return {name: fields.get(name) for name in ("text", "title", "date", "author")}

    return extract


def gne():
    """Return GNE; its licence is GPL-3.0, so that it is measured and never imported."""
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()

    def extract(data, encoding):
        found = extractor.extract(data.decode(encoding, "replace"))
        return {
            "text": found["content"],
            "title": found["title"],
            "date": found["publish_time"],
            "author": found["author"],
        }

    return extract


def newspaper4k():
    """Return newspaper4k."""
    from newspaper import Article

    def extract(data, encoding):
        article = Article("http://news.example/a.html", language="zh")
        article.download(input_html=data.decode(encoding, "replace"))
        article.parse()
        return {
            "text": article.text,
            "title": article.title,
            "date": str(article.publish_date or ""),
            "author": ",".join(article.authors),
        }

    return extract


def readability():
    """Return readability-lxml with one line for each block of its summary."""
    import lxml.html
    from readability import Document

    def extract(data, encoding):
        document = Document(data.decode(encoding, "replace"))
        summary = lxml.html.fromstring(document.summary())
        for block in summary.iter("br", "p", "div", "li", "tr", "h1", "h2", "h3"):
            block.tail = "\n" + (block.tail or "")
        return {"text": summary.text_content(), "title": document.short_title()}

    return extract


def resiliparse():
    """Return resiliparse with its own detection of the encoding."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def extract(data, encoding):
        source = bytes_to_str(data, detect_encoding(data))
        return {"text": extract_plain_text(source, main_content=True)}

    return extract


def justext():
    """Return jusText with no stop words: it has none for Chinese."""
    import justext as library

    def extract(data, encoding):
        paragraphs = library.justext(
            data.decode(encoding, "replace"), frozenset(), stopwords_low=0, stopwords_high=0
        )
        return {"text": "\n".join(p.text for p in paragraphs if not p.is_boilerplate)}

    return extract


def boilerpy3():
    """Return boilerpy3's article extractor."""
    from boilerpy3 import extractors

    extractor = extractors.ArticleExtractor(raise_on_failure=False)

    def extract(data, encoding):
        return {"text": extractor.get_content(data.decode(encoding, "replace"))}

    return extract


PEER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
"""What a page can make a peer raise: a crash of a peer is a result."""
TOOLS = (trafilatura, gne, newspaper4k, readability, resiliparse, justext, boilerpy3)


def main():
    """Read pages, write results."""
    tools = {tool.__name__: tool for tool in TOOLS}
    extract = tools[sys.argv[1]]()
    for line in sys.stdin:
        page = json.loads(line)
        data = base64.b64decode(page["data"])
        start = time.process_time()
        try:
            found = extract(data, page["encoding"])
        except PEER_ERRORS as error:
            found = {"error": f"{type(error).__name__}: {error}"[:200]}
        found["seconds"] = time.process_time() - start
        print(json.dumps({"name": page["name"], **found}, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main()
