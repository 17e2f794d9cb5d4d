using System.Text;

namespace OpEmulator.Sessions;

/// <summary>The sessions op keeps on disk, below TMPDIR and not below HOME.</summary>
internal sealed class SessionFiles(Stage stage)
{
    const int TokenLength = 43;
    const int NameLength = 27;
    static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(30);
    static readonly TimeSpan TornFor = TimeSpan.FromMilliseconds(25);

    readonly string _directory = Path.Combine(
        Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } tmp ? tmp : "/tmp",
        "com.agilebits.op");

    /// <summary>op stays silent when the session cannot be stored: the token is printed all the same.</summary>
    public void Store(string token)
    {
        try
        {
            // op makes its own directory, never TMPDIR itself.
            if (Directory.Exists(Path.GetDirectoryName(_directory)))
            {
                Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                Write(token);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>
    /// The first of the tokens offered (stdin, flag, variable) that has a session here; a bad one falls through to the next.
    /// </summary>
    public string Find(string? fromInput)
    {
        var account = stage.CommandLine.Value("account") ?? stage.Scenario.LatestSignin ?? stage.Scenario.Account;
        string?[] offered = [fromInput, stage.CommandLine.Value("session"), Environment.GetEnvironmentVariable($"OP_SESSION_{account}")];
        foreach (var token in offered)
        {
            if (token is { Length: TokenLength } && IsStored(token))
            {
                Refresh(token);
                return token;
            }
        }

        throw stage.Dialect.NotSignedIn();
    }

    public void Remove(string token)
    {
        try
        {
            File.Delete(PathOf(token));
        }
        catch (UnauthorizedAccessException)
        {
            throw stage.Dialect.Failure($"remove {PathOf(token)}: permission denied");
        }
    }

    bool IsStored(string token)
    {
        try
        {
            return File.ReadAllText(PathOf(token)) == token;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    void Refresh(string token)
    {
        try
        {
            if (stage.Scenario.ParallelFaults)
            {
                Tear(token);
            }

            File.SetLastWriteTimeUtc(PathOf(token), DateTime.UtcNow);
            RemoveForgotten(token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // 0.2.1 rewrites the file in place with O_TRUNC: who reads it in that moment is not signed in.
    void Tear(string token)
    {
        using (File.Open(PathOf(token), FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite))
        {
            Thread.Sleep(TornFor);
        }

        Write(token);
    }

    // Every call clears away what others left, never its own session.
    void RemoveForgotten(string token)
    {
        foreach (var path in Directory.EnumerateFiles(_directory))
        {
            if (path != PathOf(token) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > Forgotten)
            {
                File.Delete(path);
            }
        }
    }

    void Write(string token)
    {
        using var file = new FileStream(PathOf(token), new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(Encoding.ASCII.GetBytes(token));
    }

    string PathOf(string token) => Path.Combine(_directory, $".{token[..NameLength]}");
}
