using Npgsql;

namespace OpCollector.Storage.Postgres;

/// <summary>
/// Where the database is and how it is signed in to: the keywords of Npgsql (<c>Host=…;Database=…</c>), or a
/// <c>postgresql://</c> address.
/// </summary>
internal sealed record PostgresAddress
{
    static readonly string[] Schemes = ["postgresql", "postgres"];

    // What libpq calls it in an address, and Npgsql by its keyword.
    static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["connect_timeout"] = "Timeout",
        ["target_session_attrs"] = "Target Session Attributes",
        ["options"] = "Options",
        ["application_name"] = "Application Name",
    };

    readonly NpgsqlConnectionStringBuilder _settings;

    PostgresAddress(NpgsqlConnectionStringBuilder settings) => _settings = settings;

    /// <summary>The host and the database, without who signs in.</summary>
    public string Text => $"{_settings.Host}/{_settings.Database}";

    /// <summary>What Npgsql is given.</summary>
    public string ConnectionString => _settings.ConnectionString;

    /// <summary>Reads it, and remembers the password as a secret of its own.</summary>
    /// <exception cref="NoPostgresAddressException">It is not the address of a PostgreSQL database.</exception>
    public static PostgresAddress Parse(string text)
    {
        var settings = Uri.TryCreate(text, UriKind.Absolute, out var uri) && Schemes.Contains(uri.Scheme)
            ? ParseAddress(uri)
            : ParseKeywords(text);
        if (settings.Password is { Length: > 0 } password)
        {
            Redaction.Remember(password);
        }

        if (string.IsNullOrEmpty(settings.Host))
        {
            throw new NoPostgresAddressException(
                "names no host; write Host=…;Database=…;Username=…;Password=…, or postgresql://user:password@host/database");
        }

        settings.Database ??= settings.Username
            ?? throw new NoPostgresAddressException("names no database; add Database=…");
        if (!settings.Host.Split(',').All(IsHere) && settings.SslMode is SslMode.Prefer or SslMode.Allow)
        {
            // With these Npgsql goes on in plain text where the server, or somebody on the way, offers no TLS. Prefer is its default.
            settings.SslMode = !settings.ShouldSerialize("SSL Mode") ? SslMode.Require : throw new NoPostgresAddressException(
                "has an SSL Mode that would go on in plain text, to another host; write SSL Mode=Require or VerifyFull, or Disable where " +
                    "nobody can listen");
        }

        // One connection is all that a run needs, and what a transaction needs is said in it: that works behind PgBouncer too.
        settings.ApplicationName ??= "opcollector";
        settings.MaxPoolSize = 1;
        settings.NoResetOnClose = true;
        return new PostgresAddress(settings);
    }

    // Its complaints quote what they have read.
    static NpgsqlConnectionStringBuilder ParseKeywords(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception ex) when (ex is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new NoPostgresAddressException(
                "is not a connection of PostgreSQL; write Host=…;Database=…;Username=…;Password=… with the keywords of Npgsql, " +
                    "or postgresql://user:password@host/database");
        }
    }

    static NpgsqlConnectionStringBuilder ParseAddress(Uri uri)
    {
        var (user, password) = uri.UserInfo.Split(':', 2) is [var name, var rest] ? (name, rest) : (uri.UserInfo, "");
        var settings = new NpgsqlConnectionStringBuilder { Host = Uri.UnescapeDataString(uri.Host.Trim('[', ']')) };
        try
        {
            if (uri.Port > 0)
            {
                settings.Port = uri.Port;
            }

            if (uri.AbsolutePath.Length > 1)
            {
                settings.Database = Uri.UnescapeDataString(uri.AbsolutePath[1..]);
            }

            settings.Username = user.Length > 0 ? Uri.UnescapeDataString(user) : null;
            settings.Password = password.Length > 0 ? Uri.UnescapeDataString(password) : null;
            foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var value = Uri.UnescapeDataString(pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]);
                Set(settings, pair.Split('=')[0], value);
            }
        }
        catch (Exception ex) when (ex is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new NoPostgresAddressException(
                "has a value in it that PostgreSQL does not know; write postgresql://user:password@host/database?sslmode=require");
        }

        return settings;
    }

    static void Set(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        if (name == "host")
        {
            settings.Host = value;
        }
        else if (Keywords.TryGetValue(name, out var keyword))
        {
            // libpq writes verify-full, and Npgsql VerifyFull.
            settings[keyword] = name is "sslmode" or "target_session_attrs" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        else
        {
            throw new NoPostgresAddressException(
                $"has a part that is unknown; behind the ? it knows host, {string.Join(", ", Keywords.Keys)}");
        }
    }

    // A socket of the file system, or the loopback.
    static bool IsHere(string host) => host.Trim() is var name
        && (name.StartsWith('/') || name == "::1" || name.Split(':')[0] is var plain
            && (plain == "localhost" || plain.StartsWith("127.", StringComparison.Ordinal)));
}

/// <summary>A text that names no database; the message says in our own words what is wrong, and quotes nothing of it.</summary>
internal sealed class NoPostgresAddressException(string message) : Exception(message);
