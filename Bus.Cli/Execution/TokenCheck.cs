using System.Security.Cryptography;
using System.Text;
using Bus.Transport.Connections;

namespace Bus.Cli.Execution;

/// <summary>Lets those in who show a token. NATS clients may give it as the password, too.</summary>
internal sealed class TokenCheck(string token)
{
    private static readonly ConnectDecision Refused = ConnectDecision.Refuse("this bus asks for a token, and it is another one");
    private static readonly ConnectDecision Missing = ConnectDecision.Refuse("this bus asks for a token (--token-file)");

    private readonly byte[] _hash = Hash(token);

    public ValueTask<ConnectDecision> CheckAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        var shown = request.Token ?? request.Password;
        if (shown is null) return ValueTask.FromResult(Missing);
        // In the same time for every token: hashes have one length.
        return ValueTask.FromResult(CryptographicOperations.FixedTimeEquals(Hash(shown), _hash) ? ConnectDecision.Allow : Refused);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
