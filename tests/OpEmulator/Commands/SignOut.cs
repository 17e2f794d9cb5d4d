using OpEmulator.Sessions;

namespace OpEmulator.Commands;

/// <summary><c>op signout</c>: ends the session at the server, then removes its file.</summary>
internal sealed class SignOut(Stage stage)
{
    public Answer Run()
    {
        var token = SignedIn.Enter(stage, SignedIn.TokenFromInput(stage));
        new Server(stage).Close(token);
        new SessionFiles(stage).Remove(token);
        return Answer.Of("");
    }
}
