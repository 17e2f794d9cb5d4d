using OpEmulator.Scenarios;

namespace OpEmulator.Faults;

/// <summary>Plays the faults that spoil a right answer.</summary>
internal static class FaultAfter
{
    const string Page =
        """
        <!DOCTYPE html>
        <html><head><title>Sign in to the network</title></head>
        <body><form action="/portal" method="post"><input name="user"></form></body></html>

        """;

    const string Panic =
        """
        panic: runtime error: invalid memory address or nil pointer dereference
        [signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x6f1a2c]

        goroutine 1 [running]:
        main.main()
        	/go/src/op/main.go:42 +0x1d

        """;

    public static Answer Play(Stage stage, Answer answer) => stage.Fault?.Do switch
    {
        FaultKind.Half => answer with { Output = Half(answer) },
        FaultKind.HalfFail => FaultInstead.Network(stage).Answer with { Output = Half(answer) },
        FaultKind.Html => Answer.Of(Page),
        FaultKind.Garbage => new Answer(new byte[] { 0xFF, 0xFE, 0x00, (byte)'{', (byte)'"', 0xC3, 0x28, (byte)']', 0x1B, (byte)'[' }),
        FaultKind.Crash => answer with { ExitCode = 2, Errors = Panic },
        FaultKind.Orphan => WithOrphan(stage.Home, answer),
        _ => answer,
    };

    public static bool Spoils(Fault? fault) =>
        fault?.Do is FaultKind.Half or FaultKind.HalfFail or FaultKind.Html or FaultKind.Garbage or FaultKind.Crash;

    static ReadOnlyMemory<byte> Half(Answer answer) => answer.Output[..(answer.Output.Length / 2)];

    static Answer WithOrphan(Home home, Answer answer)
    {
        Child.Start(home, seconds: 5);
        return answer;
    }
}
