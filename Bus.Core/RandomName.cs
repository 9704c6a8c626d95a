namespace Bus.Core;

/// <summary>Names that nobody else has and nobody can guess.</summary>
internal static class RandomName
{
    /// <summary>
    /// Lower-case hexadecimal digits, at most 32, from the system's random source by way of a Guid: RandomNumberGenerator would load OpenSSL, which costs a daemon that
    /// needs it for nothing else 5 MiB of memory and a tenth of its time to start.
    /// </summary>
    public static string Hex(int length) => Guid.NewGuid().ToString("N")[..length];
}
