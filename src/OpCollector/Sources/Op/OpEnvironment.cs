namespace OpCollector.Sources.Op;

/// <summary>
/// The environment op gets: built, not inherited, so that none of our secrets reaches it, and complete, so that it finds its
/// configuration, its session and the network under cron too.
/// </summary>
internal static class OpEnvironment
{
    static readonly string[] Passed =
    [
        "PATH", "HOME", "TMPDIR", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "LANG", "LANGUAGE",
        "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy",
    ];

    /// <summary>Pure: ours in, op's out.</summary>
    /// <param name="session">The token of the session, where there is one.</param>
    public static EnvironmentVariables Build(EnvironmentVariables ours, string account, string? session)
    {
        var built = ours.Where(Passes);
        // op makes the name from the shorthand as it was given, or, where it made the shorthand itself, with - as _.
        return session is null
            ? built
            : built.With($"OP_SESSION_{account}", session).With($"OP_SESSION_{account.Replace('-', '_')}", session);
    }

    /// <summary>Whether op gets a variable that we have.</summary>
    public static bool Passes(string name) => Passed.Contains(name)
        || name.StartsWith("XDG_", StringComparison.Ordinal)
        || name.StartsWith("LC_", StringComparison.Ordinal);
}
