using Trainyard.Shell.Master;
using Trainyard.Shell.Systemd;

namespace Trainyard.Shell.Upgrade;

/// <summary>Where a standalone server comes from: what it finds in its environment before it opens anything itself.</summary>
internal sealed class ServiceOrigin : IDisposable
{
    private ServiceOrigin(
        SuccessorProgram? successor, SystemdNotifier notifier, Predecessor? predecessor, IReadOnlyList<Listener> listeners)
    {
        Successor = successor;
        Notifier = notifier;
        Predecessor = predecessor;
        Listeners = listeners;
    }

    /// <summary>That of a pool in a program that has other things to do: it finds nothing and hands over to nobody.</summary>
    public static ServiceOrigin Embedded { get; } = new(null, SystemdNotifier.None, null, []);

    /// <summary>What a successor runs; <c>null</c> where there can be none.</summary>
    public SuccessorProgram? Successor { get; }

    /// <summary>Who is told how the service is.</summary>
    public SystemdNotifier Notifier { get; }

    /// <summary>Whom the server succeeds; <c>null</c> where nobody.</summary>
    public Predecessor? Predecessor { get; }

    /// <summary>The listeners that came from the predecessor or from the service manager; empty where the server is to bind its own.</summary>
    public IReadOnlyList<Listener> Listeners { get; }

    /// <summary>Takes it out of the environment, so that no child inherits it.</summary>
    /// <exception cref="TransferException">What is found there cannot be used.</exception>
    public static ServiceOrigin Take()
    {
        var successor = SuccessorProgram.Self();
        var predecessor = Predecessor.TakeFromEnvironment();
        try
        {
            var notifier = SystemdNotifier.TakeFromEnvironment();
            var passed = SocketActivation.TakeFromEnvironment();
            return new(successor, notifier, predecessor, predecessor?.Listeners ?? passed);
        }
        catch (TransferException e)
        {
            predecessor?.Refuse(e.Message);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Predecessor?.Dispose();
        Notifier.Dispose();
    }
}
