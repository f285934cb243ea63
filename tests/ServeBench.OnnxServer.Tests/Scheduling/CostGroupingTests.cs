using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Tests.Scheduling;

public sealed class CostGroupingTests
{
    private const int Overhead = 16;

    [Fact]
    public void Texts_of_like_length_go_with_the_oldest() =>
        Assert.Equal([0, 2, 4], Choose(new CostGrouping(32, 1024, Overhead), 16, 128, 17, 256, 15, 130));

    [Fact]
    public void Padding_is_paid_only_where_it_costs_less_than_another_execution()
    {
        Assert.Equal([0, 1], Choose(new CostGrouping(32, 1024, Overhead), 16, 16 + Overhead));
        Assert.Equal([0], Choose(new CostGrouping(32, 1024, Overhead), 16, 16 + Overhead + 1));
    }

    [Fact]
    public void Among_equals_the_oldest_go_first() =>
        Assert.Equal([0, 1, 2, 3], Choose(new CostGrouping(4, 1024, Overhead), 16, 16, 16, 16, 16, 16));

    [Fact]
    public void No_execution_has_more_texts_or_tokens_than_allowed()
    {
        Assert.Equal(4, Choose(new CostGrouping(4, 1024, Overhead), [.. Enumerable.Repeat(16, 100)]).Length);
        Assert.Equal(3, Choose(new CostGrouping(32, 100, Overhead), [.. Enumerable.Repeat(32, 100)]).Length);
    }

    [Fact]
    public void A_text_longer_than_the_limit_goes_alone() => Assert.Equal([0], Choose(new CostGrouping(32, 100, Overhead), 500, 500, 20));

    [Fact]
    public void The_oldest_is_always_chosen_and_the_choice_belongs_to_a_cheapest_division()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var lengths = Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Next(1, 70)).ToArray();
            var (texts, tokens, overhead) = (random.Next(1, 5), random.Next(1, 150), random.Next(0, 40));
            var chosen = Choose(new CostGrouping(texts, tokens, overhead), lengths);

            Assert.Equal(0, chosen[0]);
            Assert.Equal(chosen.Order().Distinct(), chosen);
            Assert.True(chosen.Length <= texts);
            var cost = Cost(chosen.Select(i => lengths[i]));
            Assert.True(chosen.Length == 1 || chosen.Length * chosen.Max(i => lengths[i]) <= tokens);
            // The rest, divided as cheaply as can be, must give with the chosen what all together give.
            var rest = lengths.Where((_, i) => !chosen.Contains(i)).ToArray();
            Assert.Equal(Cheapest(lengths), cost + Cheapest(rest));

            int Cost(IEnumerable<int> group) => overhead + group.Count() * group.Max();

            // Every way to divide, not only runs of neighbours: that neighbours suffice is part of what is tested.
            int Cheapest(int[] left)
            {
                if (left.Length == 0) return 0;
                var best = int.MaxValue;
                for (var set = 0; set < 1 << (left.Length - 1); set++)
                {
                    var group = left.Where((_, i) => i == 0 || (set & (1 << (i - 1))) != 0).ToArray();
                    if (group.Length > texts || (group.Length > 1 && group.Length * group.Max() > tokens)) continue;
                    best = Math.Min(best, Cost(group) + Cheapest([.. left.Where((_, i) => i != 0 && (set & (1 << (i - 1))) == 0)]));
                }
                return best;
            }
        }
    }

    [Fact]
    public void A_queue_longer_than_the_window_is_served_from_its_front()
    {
        var chosen = Choose(new CostGrouping(8, 1024, Overhead), [.. Enumerable.Range(0, 2000).Select(i => 1 + i % 50)]);
        Assert.Equal(0, chosen[0]);
        Assert.All(chosen, i => Assert.InRange(i, 0, 255));
    }

    private static int[] Choose(CostGrouping policy, params int[] lengths)
    {
        Span<int> chosen = stackalloc int[policy.MaximumItems];
        return chosen[..policy.Choose(Requests.Waiting(lengths), chosen)].ToArray();
    }
}
