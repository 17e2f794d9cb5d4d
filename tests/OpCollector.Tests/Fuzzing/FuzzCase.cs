using System.Globalization;
using System.Text;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace OpCollector.Tests.Fuzzing;

/// <summary>One case: a seed and what comes of it, a directory, a clock, and everything that a person would have read.</summary>
internal sealed class FuzzCase : IDisposable
{
    readonly DirectoryInfo _root = Directory.CreateDirectory(
        Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"opcollector-fuzz-{Guid.NewGuid():N}"));
    readonly int _mostSteps;
    readonly Logger _log;
    readonly List<(string What, byte[] Original, byte[] Mutated)> _inputs = [];
    readonly List<string> _complaints = [];

    /// <param name="mostSteps">How many steps of mutation are taken at most; the others are left out.</param>
    public FuzzCase(int seed, int mostSteps = int.MaxValue)
    {
        (Seed, Random, _mostSteps) = (seed, new Random(seed), mostSteps);
        // The same for a seed that is played again.
        Time = new VirtualTime(new DateTimeOffset(2026, 11, 29, 10, 0, 0, TimeSpan.Zero));
        _log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new Ear(this)).CreateLogger();
        // What a real run has only once it has read it from somewhere.
        Redaction.Remember(OddTexts.Secret);
    }

    public int Seed { get; }

    public Random Random { get; }

    public VirtualTime Time { get; }

    public ILogger Log => _log;

    /// <summary>How often something was mutated, unless that was left out.</summary>
    public int Steps { get; private set; }

    /// <summary>The ways in which what was tried has ended.</summary>
    public List<string> Outcomes { get; } = [];

    /// <summary>Where a file of this case lies.</summary>
    public string In(string name) => Path.Combine(_root.FullName, name);

    public bool OneIn(int number) => Random.Next(number) == 0;

    public T Any<T>(IReadOnlyList<T> choices) => choices[Random.Next(choices.Count)];

    /// <summary>The text, mutated by a few steps of this case.</summary>
    /// <param name="knowsSecret">Whether it comes from somebody who knows the secret, and may repeat it.</param>
    public byte[] Mutated(string what, byte[] text, bool knowsSecret = true)
    {
        var (seed, steps) = (Random.Next(), 1 + (int)(3 * Math.Pow(Random.NextDouble(), 3)));
        var taken = Math.Clamp(_mostSteps - Steps, 0, steps);
        Steps += steps;
        var mutated = Mutation.Of(text, seed, taken, knowsSecret);
        lock (_inputs)
        {
            _inputs.Add((what, text, mutated));
        }

        return mutated;
    }

    public byte[] Mutated(string what, string text, bool knowsSecret = true) => Mutated(what, Encoding.UTF8.GetBytes(text), knowsSecret);

    /// <summary>A line that a person reads, or a program that shows it to one.</summary>
    /// <param name="isOwn">Whether it is what the person has written, and shown whole.</param>
    public void Hear(string where, string? text, bool isOwn = false)
    {
        if (text is not null && OddTexts.Complaint(text, isOwn) is { } complaint)
        {
            Complain($"{where}: {complaint}: {Printable(text)}");
        }
    }

    /// <summary>A failure as the program would end with it.</summary>
    public void Hear(Failure failure)
    {
        Outcomes.Add($"{failure.Code}");
        if (failure.Code == ExitCode.Bug)
        {
            Complain($"70: {Printable(failure.Message)}");
        }

        foreach (var line in failure.Lines)
        {
            Hear($"{failure.Code}", line);
        }
    }

    /// <summary>Does something as the program does it, and hears what it ends with.</summary>
    public async Task<ExitCode> EndAsync(Func<Task<ExitCode>> work)
    {
        try
        {
            var code = await work();
            Outcomes.Add($"{code}");
            return code;
        }
        catch (Failure failure)
        {
            Hear(failure);
            return failure.Code;
        }
        catch (IOException ex)
        {
            // The program says so too, in the words of the system.
            Hear("an IOException", ex.Message);
            return ExitCode.Disk;
        }
    }

    /// <summary>What else is odd in this case.</summary>
    public void Note(string what)
    {
        lock (_inputs)
        {
            _inputs.Add((what, [], [0]));
        }
    }

    public void Complain(string what)
    {
        lock (_complaints)
        {
            _complaints.Add(what);
        }
    }

    /// <summary>What was found; null where all is well.</summary>
    public string? Find
    {
        get
        {
            lock (_complaints)
            {
                return _complaints.Count == 0 ? null : _complaints[0];
            }
        }
    }

    /// <summary>What was mutated, near the first place where it is different.</summary>
    public string Inputs
    {
        get
        {
            lock (_inputs)
            {
                return string.Join("; ", _inputs
                    .Where(each => !each.Original.AsSpan().SequenceEqual(each.Mutated))
                    .Select(each => $"{each.What} ({each.Mutated.Length} bytes): {Changed(each.Original, each.Mutated)}"));
            }
        }
    }

    public void Dispose()
    {
        _log.Dispose();
        _root.Delete(recursive: true);
    }

    static string Changed(byte[] original, byte[] mutated)
    {
        const int Before = 60;
        const int Shown = 200;
        var from = Math.Max(0, original.AsSpan().CommonPrefixLength(mutated) - Before);
        return Printable(Encoding.UTF8.GetString(mutated.AsSpan(from, Math.Min(Shown, mutated.Length - from))));
    }

    // As a person can read it, and type it.
    static string Printable(string text)
    {
        const int Shown = 400;
        var printable = new StringBuilder();
        foreach (var each in text.Take(Shown))
        {
            printable.Append(each is >= ' ' and <= '~' ? $"{each}" : $"\\u{(int)each:x4}");
        }

        return $"{printable}{(text.Length > Shown ? "…" : "")}";
    }

    /// <summary>Hears what is logged.</summary>
    sealed class Ear(FuzzCase each) : ILogEventSink
    {
        static readonly Reporting.StderrLog.Redacted Format = new(
            new MessageTemplateTextFormatter("{Message:lj}", CultureInfo.InvariantCulture));

        public void Emit(LogEvent logEvent)
        {
            using var line = new StringWriter(CultureInfo.InvariantCulture);
            Format.Format(logEvent, line);
            each.Hear($"log, {logEvent.Level}", line.ToString());
        }
    }
}
