using System.Text.RegularExpressions;
using OpCollector.Cli.Hosting;

namespace OpCollector.Tests.Support;

/// <summary>
/// A configuration file in a directory of its own, with every member there is, to be changed line by line and loaded in process.
/// </summary>
internal sealed partial class TestConfiguration : IDisposable
{
    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("opcollector-settings-");

    readonly string[] _lines = """
        {
          "source": {
            "type": "op",
            "op": {
              "path": "op",
              "account": "acme",
              "password": { "env": "OP_PASSWORD" },
              "totpSecret": { "env": "OP_TOTP" },
              "timeout": "60s"
            }
          },
          "start": "24h",
          "maxRunTime": "4m",
          "state": { "directory": "state" },
          "sink": {
            "type": "webhook",
            "url": "https://siem.example/hook",
            "format": "json",
            "auth": { "bearer": { "env": "SIEM_TOKEN" } },
            "headers": { "X-Source": "1password" },
            "timeout": "30s",
            "allowInsecureHttp": false
          }
        }
        """.Split('\n');

    public Dictionary<string, string> Environment { get; } = [];

    public string Root => _root.FullName;

    public string File => Path.Combine(Root, "opcollector.json");

    /// <summary>Puts something else into a line; the first has number 1.</summary>
    public TestConfiguration Line(int number, string instead)
    {
        _lines[number - 1] = instead;
        return this;
    }

    public Settings Load(string lineEnd = "\n") => LoadText(string.Join(lineEnd, _lines));

    public Settings LoadText(string text) => LoadBytes(System.Text.Encoding.UTF8.GetBytes(text));

    public Settings LoadBytes(byte[] content)
    {
        System.IO.File.WriteAllBytes(File, content);
        return Settings.Load(File, new EnvironmentVariables(Environment));
    }

    /// <summary>The complaint of a configuration that is refused, without the name of the file at its beginning.</summary>
    public string Complaint(string lineEnd = "\n") => ComplaintOf(() => Load(lineEnd));

    /// <summary>The same of anything that is done with the settings.</summary>
    public string ComplaintOf(Action action)
    {
        try
        {
            action();
        }
        catch (Failure failure) when (failure.Code == ExitCode.Configuration && !failure.Message.Contains('\n', StringComparison.Ordinal))
        {
            return Column().Replace(failure.Message.Replace(File + ":", "", StringComparison.Ordinal), "$1: ");
        }

        return "(no complaint)";
    }

    /// <summary>Puts a file beside the configuration.</summary>
    public string Put(string name, string content, int octalMode = 600)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        System.IO.File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32($"{octalMode}", 8));
        return path;
    }

    public void Dispose() => _root.Delete(recursive: true);

    // What the specs of single settings leave out: ConfigurationErrorsSpecs has the columns.
    [GeneratedRegex(@"(?<=^|; )(\d+):\d+: ")]
    private static partial Regex Column();
}
