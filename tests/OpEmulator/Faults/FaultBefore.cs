using System.Runtime.InteropServices;
using System.Text;
using OpEmulator.Scenarios;
using OpEmulator.Streams;

namespace OpEmulator.Faults;

/// <summary>Plays the faults that show before op does anything, and for ever or not at all after that.</summary>
internal static class FaultBefore
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public static void Play(Stage stage)
    {
        switch (stage.Fault?.Do)
        {
            case FaultKind.Hang:
                Hang();
                break;
            case FaultKind.HangTree:
                Child.Start(stage.Home, seconds: 600);
                Hang();
                break;
            case FaultKind.IgnoreSigterm:
                HangThroughSigterm();
                break;
            case FaultKind.Slow:
                Thread.Sleep(stage.Fault.Milliseconds);
                break;
            case FaultKind.Wait:
                Wait(stage.Home);
                break;
            case FaultKind.FloodStderr:
                Flood(stage);
                break;
            case FaultKind.Chatter:
                StandardOutput.Complain($"Using configuration at non-standard location \"{stage.Home.Directory}/op-config\"\n");
                break;
        }
    }

    static void Hang()
    {
        UntilAlone(() => false);
        Environment.Exit(1);
    }

    static void HangThroughSigterm()
    {
        using var registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static signal => signal.Cancel = true);
        Hang();
    }

    static void Wait(Home home)
    {
        File.WriteAllText(home.Waiting, "");
        UntilAlone(() => File.Exists(home.Go));
    }

    // Who is killed leaves us behind, and nobody else would end us.
    static void UntilAlone(Func<bool> isOver)
    {
        var parent = Parent();
        while (!isOver() && Parent() == parent)
        {
            Thread.Sleep(Poll);
        }
    }

    static string Parent() => File.ReadLines("/proc/self/status").First(line => line.StartsWith("PPid:", StringComparison.Ordinal));

    static void Flood(Stage stage)
    {
        const int size = 1024 * 1024;
        var line = stage.Dialect.Line("something op had to say and nobody waited for");
        var text = new StringBuilder(size + line.Length);
        while (text.Length < size)
        {
            text.Append(line);
        }

        StandardOutput.Complain(text.ToString());
    }
}
