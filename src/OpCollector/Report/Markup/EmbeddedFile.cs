using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace OpCollector.Report.Markup;

/// <summary>
/// The style and the script of the page: files that are part of the program, and the only ones that a browser runs, because the page
/// names their hashes.
/// </summary>
internal sealed record EmbeddedFile(string Text)
{
    public static readonly EmbeddedFile Style = Read("report.css");
    public static readonly EmbeddedFile Script = Read("report.js");

    /// <summary>As a Content-Security-Policy names it.</summary>
    public string Hash => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";

    static EmbeddedFile Read(string name)
    {
        using var file = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!, Encoding.UTF8);
        return new EmbeddedFile(file.ReadToEnd());
    }
}
