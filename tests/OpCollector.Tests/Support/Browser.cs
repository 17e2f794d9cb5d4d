using System.Diagnostics;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>Debian's Chromium, driven by Playwright as a person would use it; axe-core judges what it shows.</summary>
internal static class Browser
{
    const string Whole = "/usr/bin/chromium";
    const string WithoutWindows = "/usr/bin/chromium-headless-shell";

    // The one without windows needs half the time for the same pages.
    static readonly string Chromium = File.Exists(WithoutWindows) ? WithoutWindows : Whole;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>What the browser has seen of a page; the spec is skipped where there is none.</summary>
    /// <param name="looks">The functions of look.js that look at it, or "all".</param>
    public static async Task<JsonNode> LookAsync(string page, string looks = "all")
    {
        Daemon.SkipWithout(Chromium);
        string[] packages = [await NpmPackage.FetchAsync("playwright-core@1.65.1"), await NpmPackage.FetchAsync("axe-core@4.14.1")];
        var script = ShippedFiles.Source("tests/OpCollector.Tests/Browser/look.js");
        var start = new ProcessStartInfo("/usr/bin/node", [script, Chromium, page, looks])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = string.Join(':', packages.Select(each => Path.Combine(each, "node_modules")));
        using var node = Process.Start(start)!;
        var (seen, complaint) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await node.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
        }

        return node.ExitCode == 0 ? JsonNode.Parse(await seen)! : throw new InvalidOperationException($"node: {await complaint}");
    }
}
