#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>
/// The base class of actor tests: a system of its own for each test, terminated at its end. Not bound to a test framework; one that disposes its
/// test objects (xunit) does the rest.
/// </summary>
public abstract class TestKit : TestKitBase, IDisposable
{
    private bool _disposed;

    /// <summary>Uses <paramref name="system"/>, or starts a new one when that is null; terminates it either way.</summary>
    protected TestKit(ActorSystem system = null)
        : base(system, null)
    {
        ImplicitSender.Set(TestActor);
    }

    /// <summary>Terminates the system.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs before the system is terminated.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Terminates the system, once.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed) return;
        _disposed = true;
        AfterAll();
        ImplicitSender.Clear(TestActor);
        Shutdown(verifySystemShutdown: true);
    }
}
