using System.Text;
using OpCollector.Cli.Printing;
using OpCollector.Detection;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;
using OpCollector.Sources.Op;

namespace OpCollector.Tests.Fuzzing;

/// <summary>Rules and the expectations beside them are mutated; what is still a rule is shown events.</summary>
internal static class RuleTexts
{
    static readonly string[] Names =
    [
        .. Directory.GetFiles(ShippedFiles.Source("src/OpCollector/Detection/Rules"), "*.yml")
            .Where(file => !file.EndsWith(RuleFiles.Expectations, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    static readonly string[] Events = File.ReadAllLines(ShippedFiles.Sample("account/events.ndjson"));

    public static async Task PlayAsync(FuzzCase each)
    {
        var original = each.Any(Names);
        var file = each.In(Path.GetFileName(original));
        var expectations = Path.ChangeExtension(original, null) + RuleFiles.Expectations;
        await File.WriteAllBytesAsync(file, each.Mutated("the rules", await File.ReadAllBytesAsync(original), knowsSecret: false));
        await each.EndAsync(() =>
        {
            var lists = new WrittenLists(
                new Dictionary<string, IReadOnlyList<string>>(), ["QWTEUDQOG5TTFPUSAOVVFFCCJ4", "Owners", "RU", "acme.example"]);
            var rules = SigmaRulesReader.Read(RuleFiles.Read(file), lists);
            var book = InstalledRules.WithoutSettings(rules);
            foreach (var status in book.Statuses)
            {
                each.Hear("rules list, name", Screen.Cell(status.Rule.Name), isOwn: true);
                each.Hear("rules list, why not", Screen.Cell(status.WhyNot ?? ""), isOwn: true);
            }

            var engine = book.CreateEngine();
            for (var from = each.Random.Next(Events.Length - 20); from % 20 > 0; from--)
            {
                See(engine, Encoding.UTF8.GetBytes(Events[from]));
            }

            foreach (var warning in engine.Warnings)
            {
                each.Hear("warning", warning);
            }

            See(engine, each.Mutated("an event", each.Any(Events)));
            return Task.FromResult(ExitCode.Done);
        });
        if (File.Exists(expectations) && each.OneIn(4))
        {
            var mutated = each.Mutated("the expectations", await File.ReadAllBytesAsync(expectations), knowsSecret: false);
            await File.WriteAllBytesAsync(Path.ChangeExtension(file, null) + RuleFiles.Expectations, mutated);
            await each.EndAsync(() =>
            {
                foreach (var unmet in Expectations.Run(RuleFiles.Read(file), ["admins"]).Unmet)
                {
                    each.Hear("rules check", unmet);
                }

                return Task.FromResult(ExitCode.Done);
            });
        }
    }

    // Whoever shows events to rules has read them as a page before.
    static void See(RuleEngine engine, byte[] json)
    {
        foreach (var read in OpPage.TryParse(new OpAnswer(0, (byte[])[(byte)'[', .. json, (byte)']'], ""))!.Events)
        {
            engine.Evaluate(read.Bytes, Streams.Audit, read.Id, read.Time);
        }
    }
}
