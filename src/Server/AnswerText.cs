using System.Globalization;
using Trainyard.Core.Control;
using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary>A server's answers for people.</summary>
internal static class AnswerText
{
    /// <summary>One line.</summary>
    public static string Of(ControlRequest asked, ControlAnswer answer) => answer switch
    {
        { Outcome: ControlOutcome.Accepted } => "the server has begun",
        { Outcome: ControlOutcome.Done, Certificate: { } certificate } => CertificateLine(certificate),
        { Outcome: ControlOutcome.Done, Workers: { } workers } => Doing(asked, workers),
        { Outcome: ControlOutcome.Done } => "done",
        { Certificate: { } certificate } => $"not done: {answer.Reason}\n{CertificateLine(certificate)}",
        _ => $"not done: {answer.Reason}",
    };

    private static string CertificateLine(Certificate certificate) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{certificate.Cause.Replace('_', ' ')}: {certificate.Completed} connections done, {certificate.HandedOn} handed on, {certificate.Rejected} refused, {certificate.Aborted} cut");

    private static string Doing(ControlRequest asked, int workers) =>
        asked switch
        {
            ControlRequest.Reload => string.Create(CultureInfo.InvariantCulture, $"reloaded: {workers} fresh workers serve"),
            ControlRequest.Upgrade => "upgraded: the new server serves",
            _ => string.Create(CultureInfo.InvariantCulture, $"{workers} workers serve"),
        };
}
