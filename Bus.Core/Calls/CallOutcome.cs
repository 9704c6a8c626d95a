using System.Runtime.ExceptionServices;

namespace Bus.Core.Calls;

/// <summary>How one of many calls ended.</summary>
/// <typeparam name="TItem">What it was made for.</typeparam>
/// <typeparam name="TResult">What it returns.</typeparam>
public sealed class CallOutcome<TItem, TResult>
{
    private readonly TResult? _result;

    internal CallOutcome(int index, TItem item, TResult? result, Exception? error)
    {
        Index = index;
        Item = item;
        _result = result;
        Error = error;
    }

    /// <summary>The place of the item among all, from 0 on.</summary>
    public int Index { get; }

    /// <summary>What the call was made for.</summary>
    public TItem Item { get; }

    /// <summary>What it failed with. Null: it succeeded.</summary>
    public Exception? Error { get; }

    /// <summary>Whether it succeeded.</summary>
    public bool IsSuccess => Error is null;

    /// <summary>What it returned. Throws <see cref="Error"/> when it failed.</summary>
    public TResult Result
    {
        get
        {
            if (Error is not null) ExceptionDispatchInfo.Throw(Error);
            return _result!;
        }
    }
}
