using System.Collections;
using System.Globalization;
using Bus.Core.Client;

namespace Bus.Core.Routes;

/// <summary>Names and their values: the parameters of a route, or the query of a request. Names are compared exactly, letter case included. Thread-safe, for nothing in it changes.</summary>
public sealed class RouteValues : IReadOnlyCollection<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _values;
    private readonly string _kind;

    // Several values of one name stand one behind the other, in their order.
    internal RouteValues(string kind, List<KeyValuePair<string, string>> values) => (_kind, _values) = (kind, values);

    /// <summary>Number of values, over all names.</summary>
    public int Count => _values.Count;

    internal static RouteValues NoParameters { get; } = new("parameter", []);

    /// <summary>The value of a name. Null when there is none. Of a parameter of many segments, all of them with slashes in between; of a query with several values, the first.</summary>
    public string? this[string name]
    {
        get
        {
            string? found = null;
            foreach (var value in _values)
            {
                if (value.Key != name) continue;
                if (_kind == "query") return value.Value;
                found = found is null ? value.Value : $"{found}/{value.Value}";
            }

            return found;
        }
    }

    /// <summary>Whether the name has a value.</summary>
    public bool Contains(string name) => _values.Exists(value => value.Key == name);

    /// <summary>All values of a name: the segments of a parameter, the values of a query. Empty when there is none.</summary>
    public IEnumerable<string> GetValues(string name) => _values.Where(value => value.Key == name).Select(value => value.Value);

    /// <summary>The value of a name as an <see cref="int"/>, a <see cref="Guid"/> or whatever else can be parsed, by the invariant culture.</summary>
    /// <exception cref="RemoteErrorException">There is no value, or it is none of this type: the caller's fault, answered with 400 <c>bad-request</c>.</exception>
    public T Get<T>(string name)
        where T : IParsable<T>
    {
        var text = this[name] ?? throw new RemoteErrorException($"The {_kind} '{name}' is missing.", 400, BusErrors.BadRequest);
        return T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw Unreadable<T>(name, text);
    }

    /// <summary>As <see cref="Get{T}(string)"/>, with a value for when there is none.</summary>
    /// <exception cref="RemoteErrorException">There is a value, and it is none of this type.</exception>
    public T Get<T>(string name, T missing)
        where T : IParsable<T> => Contains(name) ? Get<T>(name) : missing;

    /// <inheritdoc />
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For the debugger and for logs.</summary>
    public override string ToString() => string.Join("; ", _values.Select(value => $"{value.Key}: {value.Value}"));

    /// <summary>These, and behind them others; of a name that both have, the others.</summary>
    internal RouteValues With(List<KeyValuePair<string, string>> others)
    {
        if (others.Count == 0) return this;
        return new RouteValues(_kind, [.. _values.Where(value => !others.Exists(other => other.Key == value.Key)), .. others]);
    }

    private RemoteErrorException Unreadable<T>(string name, string text) =>
        new($"The {_kind} '{name}' is '{(text.Length <= 100 ? text : text[..100] + "...")}', which cannot be read as {typeof(T).Name}.", 400, BusErrors.BadRequest);
}
