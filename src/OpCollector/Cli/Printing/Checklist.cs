using System.Globalization;

namespace OpCollector.Cli.Printing;

/// <summary>
/// What was tested so far. On the screen each test has a sign: ✓ for what works, – for what works in part, ✗ for what does not; the last
/// line is the verdict.
/// </summary>
/// <param name="format">As text, each result is printed as it comes; as JSON, all of them are one object at the end.</param>
internal sealed class Checklist(OutputFormat format)
{
    readonly List<(string What, string Result, CheckResult Text)> _tested = [];

    /// <summary>The gravest exit code of what failed.</summary>
    public ExitCode Worst { get; private set; } = ExitCode.Done;

    public Task<bool> TryAsync(string what, Func<Task<string>> test) =>
        TryAsync(what, async () => new CheckResult(await test(), IsPartial: false, []));

    public async Task<bool> TryAsync(string what, Func<Task<CheckResult>> test)
    {
        try
        {
            var result = await test();
            Add(result.IsPartial ? '–' : '✓', what, result.IsPartial ? "partial" : "ok", result);
            return true;
        }
        catch (Failure failure)
        {
            Fail(what, failure);
            return false;
        }
    }

    /// <summary>A test that could not even begin.</summary>
    public void Fail(string what, Failure failure)
    {
        Worst = ExitCodes.Worst(Worst, failure.Code);
        Add('✗', what, "failed", new CheckResult(failure.Lines[0], IsPartial: false, [.. failure.Lines.Skip(1)]));
    }

    /// <summary>Says whether a run can work.</summary>
    /// <param name="ready">The verdict where everything works.</param>
    public void Finish(string ready)
    {
        if (format == OutputFormat.Json)
        {
            Screen.Print(Json());
            return;
        }

        var failed = _tested.Count(each => each.Result == "failed");
        Screen.Print(
            failed > 0
                ? string.Create(CultureInfo.InvariantCulture, $"Not ready: {failed} of {_tested.Count} checks failed.")
                : ready);
    }

    void Add(char sign, string what, string result, CheckResult text)
    {
        _tested.Add((what, result, text));
        if (format == OutputFormat.Text)
        {
            Screen.PrintRow($"{sign} {what,-14} ", text.Text);
            foreach (var more in text.More)
            {
                Screen.PrintRow(new string(' ', 19), more);
            }
        }
    }

    string Json() => JsonOutput.Object(
        ("ready", JsonOutput.Flag(Worst == ExitCode.Done)),
        ("exitCode", ((int)Worst).ToString(CultureInfo.InvariantCulture)),
        ("checks", JsonOutput.List(_tested.Select(each => JsonOutput.Object(
            ("check", JsonOutput.Quoted(each.What)),
            ("result", JsonOutput.Quoted(each.Result)),
            ("text", JsonOutput.Quoted(Whole(each.Text))))))));

    static string Whole(CheckResult text) => string.Join("; ", text.More.Prepend(text.Text));
}

/// <summary>What a test has found.</summary>
/// <param name="IsPartial">Whether something that could work is off.</param>
/// <param name="More">What belongs to it, each on a line of its own.</param>
internal sealed record CheckResult(string Text, bool IsPartial, IReadOnlyList<string> More);
