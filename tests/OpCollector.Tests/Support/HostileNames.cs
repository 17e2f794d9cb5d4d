namespace OpCollector.Tests.Support;

/// <summary>Names that somebody chooses who wants a page to do what it should not.</summary>
internal static class HostileNames
{
    public static readonly string[] All =
    [
        "<script>window.harmed = 1</script>", "</script><script>window.harmed = 1</script>", "</style><script>window.harmed = 1</script>",
        "<img src=x onerror=\"window.harmed = 1\">", "\"><svg onload=window.harmed=1>", "' onfocus='window.harmed=1' autofocus x='",
        "<!--", "-->", "]]>", "<![CDATA[", "&lt;script&gt;", "&#60;b&#62;", "<iframe src=https://evil.example>",
        "<base href=https://evil.example>", "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
        "<form action=https://evil.example><input name=a>", "javascript:window.harmed=1", "<a href=javascript:window.harmed=1>here</a>",
        "</title><b>", "<style>*{display:none}</style>", "\u202Eevil\u202C", "\u2066isolated", "\u200Bnothing\uFEFF",
        "\u0000\u0007\u001b[31mred", "half \ud800 a character", "line\u2028line\r\nline",
        "<" + new string('a', 10_000), new string('"', 10_000), new string('&', 10_000),
        string.Concat(Enumerable.Repeat("a\u0301\u0302\u0303", 3_000)), "שלום <b>", "名前\"'`$", "{{7*7}}${7*7}",
        "`", "constructor", "__proto__",
    ];
}
