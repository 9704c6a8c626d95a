using System.Globalization;

namespace Bus.Tests.Interop.Differential;

/// <summary>Cuts what a server sent into its frames, the slow and obvious way.</summary>
internal static class Frames
{
    public static IEnumerable<string> Split(string text)
    {
        var at = 0;
        while (at < text.Length)
        {
            var end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
            end = end < 0 ? text.Length : end + 2;
            var line = text[at..end];
            if (line.StartsWith("MSG ", StringComparison.Ordinal) || line.StartsWith("HMSG ", StringComparison.Ordinal))
            {
                var size = int.Parse(line.Trim().Split(' ')[^1], CultureInfo.InvariantCulture);
                end = Math.Min(text.Length, end + size + 2);
            }

            // After an error INFO may be sent again; what it says is another matter.
            if (!line.StartsWith("INFO ", StringComparison.Ordinal)) yield return text[at..end];
            at = end;
        }
    }
}
