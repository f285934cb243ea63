using ServeBench.Load.Wire;

namespace ServeBench.Load.Native;

/// <summary>Chooses which answers to keep: the first successful one of each of so many equal parts of the window.</summary>
internal sealed class AnswerKeeper(int most, long start, long length)
{
    private readonly List<KeptAnswer> _answers = new(most);
    private int _promised;

    public IReadOnlyList<KeptAnswer> Answers => _answers;

    /// <returns>Where to put the answer of a request that starts now, or null when it is not to be kept.</returns>
    public AnswerBuffer? Choose(long intended)
    {
        var taken = _answers.Count + _promised;
        if (taken >= most || intended - start < (double)length * taken / most) return null;
        _promised++;
        return new AnswerBuffer();
    }

    /// <param name="payload">Which of the payloads was answered.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="sent">When its request was sent, by the clock of its events.</param>
    /// <param name="answer">What <see cref="Choose"/> gave for it.</param>
    public void Keep(int payload, int status, long sent, AnswerBuffer answer)
    {
        _promised--;
        _answers.Add(answer.ToAnswer(payload, status, sent));
    }

    /// <summary>The request failed: a later one is kept instead.</summary>
    public void GiveUp() => _promised--;
}
