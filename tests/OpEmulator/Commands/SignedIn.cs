using OpEmulator.Sessions;
using OpEmulator.Streams;

namespace OpEmulator.Commands;

/// <summary>What every command that needs a session does first.</summary>
internal static class SignedIn
{
    // 0.2.1 looks for a token on stdin before anything else, and waits for ever on a pipe that stays open and silent.
    public static string? TokenFromInput(Stage stage) =>
        stage.Input.Kind == StandardInputKind.Pipe ? stage.Input.ReadLine() : null;

    public static string Enter(Stage stage, string? tokenFromInput)
    {
        var token = new SessionFiles(stage).Find(tokenFromInput);
        var server = new Server(stage);
        server.Reach();
        server.Admit(token);
        return token;
    }
}
