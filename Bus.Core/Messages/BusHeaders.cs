using System.Collections;
using System.Text;

namespace Bus.Core.Messages;

/// <summary>
/// Headers of a message: names with one or more values, in the order in which they were added. Names are compared without
/// regard to letter case and keep the case they were given. Not thread-safe while it is being changed.
/// </summary>
public sealed class BusHeaders : IReadOnlyCollection<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _headers = [];

    /// <summary>Number of values, over all names.</summary>
    public int Count => _headers.Count;

    /// <summary>The first value of a name, or null. Setting it replaces all values of the name; null removes them.</summary>
    /// <exception cref="ArgumentException">Name or value is not valid (<see cref="Add"/>).</exception>
    public string? this[string name]
    {
        get => TryGetValue(name, out var value) ? value : null;
        set
        {
            if (value is null)
            {
                Remove(name);
                return;
            }

            Check(name, value);
            var place = _headers.FindIndex(h => Same(h.Key, name));
            if (place < 0)
            {
                _headers.Add(new(name, value));
                return;
            }

            _headers[place] = new(name, value);
            for (var i = _headers.Count - 1; i > place; i--)
            {
                if (Same(_headers[i].Key, name)) _headers.RemoveAt(i);
            }
        }
    }

    /// <summary>Adds a value, behind those that the name has.</summary>
    /// <param name="name">Visible ASCII characters without a colon.</param>
    /// <param name="value">Any text without line breaks and without blanks at its ends, which would not survive the wire.</param>
    /// <exception cref="ArgumentException">Name or value is not valid; the message says where.</exception>
    public void Add(string name, string value)
    {
        Check(name, value);
        _headers.Add(new(name, value));
    }

    /// <summary>All values of a name, in order. Empty when there is none.</summary>
    public IEnumerable<string> GetValues(string name) => _headers.Where(h => Same(h.Key, name)).Select(h => h.Value);

    /// <summary>The first value of a name.</summary>
    public bool TryGetValue(string name, out string value)
    {
        foreach (var header in _headers)
        {
            if (!Same(header.Key, name)) continue;
            value = header.Value;
            return true;
        }

        value = "";
        return false;
    }

    /// <summary>Whether the name has a value.</summary>
    public bool Contains(string name) => TryGetValue(name, out _);

    /// <summary>Removes all values of a name.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name) => _headers.RemoveAll(h => Same(h.Key, name)) > 0;

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _headers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For the debugger and for logs.</summary>
    public override string ToString() => string.Join("; ", _headers.Select(h => $"{h.Key}: {h.Value}"));

    /// <summary>Adds what came from the wire, without the checks: what a peer sent must be readable, however odd.</summary>
    internal void AddUnchecked(string name, string value) => _headers.Add(new(name, value));

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static void Check(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.Length == 0) throw new ArgumentException("A header name is empty.", nameof(name));
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] is <= ' ' or > '~' or ':') throw new ArgumentException($"The header name '{Visible(name)}' holds {Describe(name[i])} at position {i}: only visible ASCII characters without a colon are allowed.", nameof(name));
        }

        var at = value.AsSpan().IndexOfAny('\r', '\n');
        if (at >= 0) throw new ArgumentException($"The value of header '{name}' holds {Describe(value[at])} at position {at}, which would end the header: encode it (Base64, say).", nameof(value));
        if (value.Length > 0 && (IsBlank(value[0]) || IsBlank(value[^1])))
            throw new ArgumentException($"The value of header '{name}' begins or ends with white space, which would be lost on the way: trim or quote it.", nameof(value));
    }

    private static bool IsBlank(char c) => c is ' ' or '\t';

    private static string Describe(char c) => c switch
    {
        '\r' => "a carriage return",
        '\n' => "a line feed",
        ' ' => "a blank",
        ':' => "a colon",
        _ => $"the character U+{(int)c:X4}",
    };

    private static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var c in text) visible.Append(char.IsControl(c) ? '?' : c);
        return visible.ToString();
    }
}
