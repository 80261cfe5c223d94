"""What parameters and properties that page through lists are called.

Names are compared without case and separators: `page_token`, `pageToken` and `page[token]` are one.
"""

from __future__ import annotations

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def bare(name: str) -> str:
    """A name in lower case, with its letters and digits alone."""
    return re.sub(r"[\W_]", "", name).lower()


def header(name: str) -> str:
    """The name of a header without what marks it as an extension."""
    return bare(re.sub(r"^x-", "", name, flags=re.IGNORECASE))


# --- Requests ----------------------------------------------------------------------------------

# Parameters that take a token and nothing else.
TOKENS = _set(
    "pagetoken nexttoken nextpagetoken continuationtoken continuation paginationtoken "
    "pagingtoken pagecursor cursor nextcursor nextpagecursor startcursor aftercursor "
    "cursorafter cursormark cursortoken cursorquery paginationcursor pagingcursor skiptoken "
    "scrollid scrolltoken bookmark marker nextmarker pagemarker startmarker pageafter "
    "startingafter startafter after afterid aftertoken afterkey exclusivestartkey "
    "lastevaluatedkey startkey lastkey nextkey pagekey nextpagekey paginationkey pagestate "
    "pagingstate searchafter continue starttoken mscontinuation resumptiontoken nextid lastid "
    "lastseenid pageinfo iterator pageiterator nextforwardtoken streamposition"
)

# Parameters that may take a token, if an answer has one of a fitting name.
MAYBE_TOKENS = _set("token next page offset start from since position anchor last pageid key")

# Parameters that take the id of the last item that was seen.
AFTERS = _set("startingafter startafter after afterid pageafter aftercursor lastid lastseenid")

OFFSETS = _set(
    "offset skip startindex startat startoffset startrow startfrom startposition firstresult "
    "rowoffset listoffset resultoffset resultsoffset itemoffset itemsoffset recordoffset "
    "pageoffset pagingoffset searchoffset skipcount recordstart resultstart startrecord "
    "paginationoffset ofs startitem fromindex pagestart idisplaystart"
)

# Parameters that are offsets where there is a size beside them.
MAYBE_OFFSETS = _set("start first from begin since position firstrecord")

PAGE_NUMBERS = _set(
    "page pagenumber pageno pagenum pagenr pageindex pageidx currentpage pg pagepage "
    "paginationpage pagingpage pagenumberzerobased resultpage resultspage startpage "
    "nextpagenumber pagina numeropagina seite"
)

# Parameters that take the number of pages before, so that the first one has 0.
SKIPPED_PAGES = _set("skippages pagestoskip skippage")

MAYBE_PAGE_NUMBERS = _set("p")

SIZES = _set(
    "limit top pagesize size perpage maxresults maxresult max count take rows rowcount amount "
    "pagelimit pagecount resultsperpage itemsperpage numresults numberofresults maxresultset "
    "maxitems maxcount maxpagesize maxrecords recordsperpage recordsnumber n num number length "
    "batchsize pagelength pagelen limitto resultlimit first last numberofitems maxkeys pageper "
    "pageitems entriesperpage countperpage paginationlimit pagingpagesize resultcount "
    "hitsperpage fetch rpp pp ipp numofrows display idisplaylength maxrows limitperpage "
    "perpagecount numrecords numberofrecords noofrecords results quantity pagesz maxperpage "
    "itens limite tamanhopagina porpagina registros cantidad"
)

# --- Answers -----------------------------------------------------------------------------------

NEXT_TOKENS = _set(
    "nextpagetoken nexttoken nextcursor cursornext nextcontinuationtoken continuationtoken "
    "nextmarker endcursor nextpagecursor nextpaginationtoken paginationtoken scrollid "
    "nextscrollid nextbookmark bookmark nextkey nextpagekey lastevaluatedkey nextskiptoken "
    "skiptoken nextpage next cursor marker continue continuation lastid lastkey nextpagestate "
    "pagingstate pagestate nextafter nextid nextstart nextoffset pagetoken pagecursor "
    "resumptiontoken nextcursormark cursormark nextsearchafter nextresumptiontoken cursorquery "
    "aftercursor aftertoken cursorafter nextpageid nextrequesttoken nextpagemarker "
    "nextcontinuation mscontinuation nextposition nextindex nextsince nextstarttoken "
    "nextpageurltoken lastcursor nextforwardtoken iterator nextiterator nextpagenumber "
    "nextstreamposition"
)

# Objects whose properties say where the next page is, whatever they are called.
NEXT_OBJECTS = _set("next nextpage nextpageinfo nextcursor nextlink cursors")

# Properties that are a token when a parameter of the same name takes a text, too.
SAME_TEXTS = _set("after offset anchor position")

NEXT_URLS = _set(
    "nextlink odatanextlink nexturl nexturi nexthref nextrecordsurl nextpageurl nextpageuri "
    "nextpagelink nextpagehref nextpath nextpagepath nextresultsurl nextpageresultsurl"
)

# Properties that are a next URL where the document says that they hold one.
MAYBE_NEXT_URLS = _set("next nextpage")

MORES = _set(
    "hasmore hasnext hasnextpage more moreresults moreresultsavailable hasmoreresults "
    "hasmorepages hasmoreitems moreavailable istruncated truncated thereismore moredata "
    "moreresult hasadditionalresults moreitemsinlist morepages"
)

DONES = _set("done islast islastpage lastpage isdone complete iscomplete isend endofrecords")

LAST_PAGES = _set(
    "totalpages pagecount pages numpages numberofpages lastpage maxpage totalpage pagestotal "
    "totalpagecount maxpages"
)

TOTALS = _set(
    "total totalcount totalresults totalitems totalelements totalrecords totalsize totalhits "
    "totalrows totalentries totalitemscount totalresultscount numfound found rowcount "
    "recordstotal odatacount totalnumber totalnumberofresults totalobjects grandtotal "
    "totalamount fullcount itemstotal resultstotal resultcount totalmatches numberofresults "
    "totalnumberofitems countall totalsetsize totalnum totalrecordcount totalcountofitems"
)

# --- Headers -----------------------------------------------------------------------------------

# Headers (without `X-`) that have a next URL where nothing takes them.
NEXT_URL_HEADERS = _set("next nextpage nextlink nexturl nextpageurl nextpagelink")

# --- Bodies ------------------------------------------------------------------------------------

LISTS = _set(
    "data items results result value values records entries objects docs documents rows list "
    "content contents hits elements resources entities collection members member entry page "
    "dados datos resultados itens registros"
)

# Lists that are never those of the items, unless the path has their name.
NOISE = _set(
    "errors warnings unreachable links link facets aggregations included includes headers columns "
    "notfound missing exceptions breadcrumbs suggestions dimensionheaders metricheaders totals"
)

# Lists that may stand beside that of the items.
BESIDE = _set(
    "errors warnings messages unreachable links link facets aggregations included includes "
    "headers columns fields meta metadata filters sort sorts sorting orderby groups "
    "notifications debug suggestions dimensionheaders metricheaders totals maximums minimums "
    "schemas tags breadcrumbs actions permissions extensions missing notfound exceptions "
    "properties"
)

# Objects that wrap the list, or what is said of it.
ENVELOPES = _set(
    "meta metadata pagination paging page pages pageinfo links cursors cursor data result "
    "results response responses responsemetadata responseheader embedded body paginationinfo "
    "paginginfo pagingmetadata paginationmetadata pagemetadata paginator list next info d "
    "summary searchinfo searchmetadata searchresults payload content collection resultset "
    "resultinfo hits navigation nextpage nextpageinfo responsebody queryresult listing listmeta "
    "listmetadata resultsmetadata paginationlinks searchresult batch total"
)

# Objects in the body of a request that say which page is wanted.
REQUEST_ENVELOPES = ENVELOPES | _set("options query params parameters request search cursor")

# Parameters that end a range: what starts it is no offset.
RANGE_ENDS = _set("end to until before endtime enddate todate untildate endpage topage stop")
