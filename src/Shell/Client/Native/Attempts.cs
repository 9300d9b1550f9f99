using Trainyard.Core.Transfer;

namespace Trainyard.Shell.Client.Native;

/// <summary>Tries a piece of work on one session after another, until it is done or enough is enough. Used by one thread.</summary>
internal sealed class Attempts
{
    private readonly SessionPool _pool;
    private readonly Call _call;
    private readonly RetryPolicy _policy;
    private RetryCount _count;
    private bool _progressed;

    /// <summary>No attempt yet.</summary>
    public Attempts(SessionPool pool, Call call)
    {
        _pool = pool;
        _call = call;
        _policy = new(call.Options.Retries, call.Options.FirstDelay, call.Options.LongestDelay);
    }

    /// <summary>Whether a server that cannot be reached is tried again: it was there a moment ago.</summary>
    public bool RepeatsConnecting { get; init; } = true;

    /// <summary>How often in a row a failure is tried again.</summary>
    public int Retries => _policy.Retries;

    /// <summary>Failures that were tried again.</summary>
    public int Repeated { get; private set; }

    /// <summary>Something was kept: failures are counted anew.</summary>
    public void Progressed() => _progressed = true;

    /// <summary>Does the work, again and again while its failures may pass.</summary>
    /// <exception cref="TransferException">The last failure.</exception>
    /// <exception cref="OperationCanceledException">The call is cancelled.</exception>
    public T Run<T>(Func<NativeSession, T> work)
    {
        while (true)
        {
            try
            {
                return RunOnce(work);
            }
            catch (TransferException failure) when (failure.IsRetryable && (RepeatsConnecting || failure.Reason != TransferFailure.Connect))
            {
                var progressed = _progressed && failure.Reason is not (TransferFailure.Integrity or TransferFailure.Changed);
                if (_policy.After(_count, progressed, failure.RetryAfter, Random.Shared.NextDouble()) is not var (count, delay))
                    throw;
                _count = count;
                _progressed = false;
                Repeated++;
                _call.Pause(delay);
            }
        }
    }

    private T RunOnce<T>(Func<NativeSession, T> work)
    {
        var session = _pool.Rent(_call);
        var isBroken = true;
        try
        {
            var result = work(session);
            isBroken = false;
            return result;
        }
        catch (TransferException)
        {
            // A request that was refused leaves the session usable; Return sees whether it is.
            isBroken = false;
            throw;
        }
        finally
        {
            if (isBroken)
                session.Dispose();
            else
                _pool.Return(session);
        }
    }
}
