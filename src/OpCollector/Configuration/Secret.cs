using OpCollector.Storage;

namespace OpCollector.Configuration;

/// <summary>
/// Where a secret is to be found: an environment variable, a file, or a credential of systemd. The value is read when it is
/// needed and remembered by <see cref="Redaction"/>, so that no line of output can ever show it.
/// </summary>
internal abstract record Secret(ConfigurationMember Place)
{
    const UnixFileMode TooOpen =
        UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    const int MostBytes = 64 * 1024;

    static readonly string[] Places = ["env", "file", "credential"];

    /// <summary>Where it is, in words.</summary>
    public abstract string Origin { get; }

    /// <summary>What is wrong with the place where nothing is in it.</summary>
    protected virtual string Lack => "empty";

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

        Secret secret = member switch
        {
            _ when member.Find("env") is { } name => new EnvironmentSecret(member, name.AsText(), environment),
            _ when member.Find("file") is { } path => new FileSecret(member, path.AsPath()),
            _ when member.Find("credential") is { } name => new CredentialSecret(member, CredentialName(name), environment),
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
            throw Place.Wrong($"{Origin} is {Lack}");
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

    /// <summary>Reads it; null where it is not set.</summary>
    protected abstract string? Read();

    /// <param name="place">The member that says which file.</param>
    protected static string ReadFile(ConfigurationMember place, string path)
    {
        try
        {
            RefuseTooOpen(place, path);
            // The line break that every editor adds does not belong to the secret.
            using var text = new StreamReader(new MemoryStream(BoundedFile.Read(path, MostBytes)));
            return text.ReadToEnd().TrimEnd('\r', '\n');
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw place.Wrong($"{path} cannot be read: {SystemError.Describe(ex, path)}");
        }
    }

    static string CredentialName(ConfigurationMember name) =>
        name.AsText() is "." or ".." || name.AsText().AsSpan().ContainsAny('/', '\0')
            ? throw name.Wrong("is the name of a credential, not a path")
            : name.AsText();
}

/// <summary>A secret in an environment variable.</summary>
internal sealed record EnvironmentSecret(ConfigurationMember Place, string Name, EnvironmentVariables Environment) : Secret(Place)
{
    public override string Origin => $"the environment variable {Name}";

    protected override string Lack => "not set or empty";

    protected override string? Read() => Environment[Name] is { } value && value.StartsWith($"{Name}=", StringComparison.Ordinal)
        ? throw Place.Get("env").Wrong($"the environment variable {Name} holds its own name and =; give the value alone")
        : Environment[Name];
}

/// <summary>A secret in a file.</summary>
internal sealed record FileSecret(ConfigurationMember Place, string Path) : Secret(Place)
{
    public override string Origin => $"the file {Path}";

    protected override string? Read() => ReadFile(Place.Get("file"), Path);
}

/// <summary>A secret that systemd gives to the service.</summary>
internal sealed record CredentialSecret(ConfigurationMember Place, string Name, EnvironmentVariables Environment) : Secret(Place)
{
    public override string Origin => $"the credential {Name}";

    protected override string? Read() => Environment["CREDENTIALS_DIRECTORY"] is { Length: > 0 } directory
        ? ReadFile(Place.Get("credential"), Path.Combine(directory, Name))
        : throw Place.Get("credential").Wrong("$CREDENTIALS_DIRECTORY is not set; systemd sets it where the unit has LoadCredential=");
}
