using OpCollector.Storage;

namespace OpCollector.Configuration;

/// <summary>
/// Where a secret is to be found: an environment variable, a file, or a credential of systemd. The value is read when it is
/// needed and remembered by <see cref="Redaction"/>, so that no line of output can ever show it.
/// </summary>
internal sealed record Secret(ConfigurationMember Place, Func<string?> Read, string Origin)
{
    const UnixFileMode TooOpen =
        UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    const int MostBytes = 64 * 1024;

    static readonly string[] Places = ["env", "file", "credential"];

    public static Secret Locate(ConfigurationMember member, EnvironmentVariables environment)
    {
        if (member.IsText)
        {
            throw member.Wrong(
                "a secret is never written into the configuration: write {\"env\": \"NAME\"}, {\"file\": \"path\"} or {\"credential\": " +
                    "\"name\"}");
        }

        if (Places.Count(member.AsObject().Members.ContainsKey) > 1)
        {
            throw member.Wrong("a secret has exactly one of env, file, credential");
        }

        var secret = member switch
        {
            _ when member.Find("env") is { } name =>
                new Secret(member, () => ReadVariable(name, environment), $"the environment variable {name.AsText()}"),
            _ when member.Find("file") is { } path => new Secret(member, () => ReadFile(path, path.AsPath()), $"the file {path.AsPath()}"),
            _ when member.Find("credential") is { } name => FromCredential(member, name, environment),
            _ => throw member.Wrong("must be {\"env\": \"NAME\"}, {\"file\": \"path\"} or {\"credential\": \"name\"}"),
        };
        member.RefuseOthers();
        return secret;
    }

    /// <summary>The secret itself; never log, print or keep it.</summary>
    public string Reveal()
    {
        var value = Read();
        if (string.IsNullOrEmpty(value))
        {
            throw Place.Wrong($"{Origin} is not set or empty");
        }

        Redaction.Remember(value);
        return value;
    }

    /// <summary>A file that others could have read holds no secret any more.</summary>
    public static void RefuseTooOpen(ConfigurationMember place, string path)
    {
        if (File.Exists(path) && (File.GetUnixFileMode(path) & TooOpen) != 0)
        {
            throw place.Wrong($"{path} can be read by others or written by its group; chmod 600 it (or 640)");
        }
    }

    static string? ReadVariable(ConfigurationMember name, EnvironmentVariables environment) =>
        environment[name.AsText()] is { } value && value.StartsWith($"{name.AsText()}=", StringComparison.Ordinal)
            ? throw name.Wrong($"the environment variable {name.AsText()} holds its own name and =; give the value alone")
            : environment[name.AsText()];

    static Secret FromCredential(ConfigurationMember member, ConfigurationMember name, EnvironmentVariables environment)
    {
        if (name.AsText() is "." or ".." || name.AsText().AsSpan().ContainsAny('/', '\0'))
        {
            throw name.Wrong("is the name of a credential, not a path");
        }

        return new Secret(
            member,
            () => environment["CREDENTIALS_DIRECTORY"] is { Length: > 0 } directory
                ? ReadFile(name, Path.Combine(directory, name.AsText()))
                : throw name.Wrong("$CREDENTIALS_DIRECTORY is not set; systemd sets it where the unit has LoadCredential="),
            $"the credential {name.AsText()}");
    }

    static string ReadFile(ConfigurationMember place, string path)
    {
        try
        {
            RefuseTooOpen(place, path);
            // The line break that every editor adds is no part of the secret.
            using var text = new StreamReader(new MemoryStream(BoundedFile.Read(path, MostBytes)));
            return text.ReadToEnd().TrimEnd('\r', '\n');
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw place.Wrong($"{path} cannot be read: {SystemError.Words(ex, path)}");
        }
    }
}
