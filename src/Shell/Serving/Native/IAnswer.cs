namespace Trainyard.Shell.Serving.Native;

/// <summary>An answer that takes more than one step.</summary>
internal interface IAnswer : IDisposable
{
    /// <summary>Does a part of it, never waits.</summary>
    /// <param name="wire">Where it goes.</param>
    AnswerTurn Advance(SessionWire wire);
}
