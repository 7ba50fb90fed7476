package io.espalier.masks.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginException;
import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.structure.Chains;
import io.espalier.masks.structure.Cost;
import io.espalier.masks.structure.Groups;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginAllocationTest {
  private static final List<ParameterShape> SHAPES =
      List.of(Networks.shape("a", 2, 10), Networks.shape("b", 8, 10));

  /** Denser where fewer outputs are. */
  public static final class ByFanOut implements AllocationProvider {
    @Override
    public String name() {
      return "by-fan-out";
    }

    @Override
    public Allocation create(MemberSettings settings) {
      return Allocations.proportional(shape -> 1.0 / shape.dimensions().get(0));
    }
  }

  /** Gives the counts that it is told to give. */
  public static final class Faulty implements AllocationProvider {
    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public Allocation create(MemberSettings settings) {
      String counts = settings.text("counts");
      return counts.equals("zero")
          ? Allocations.proportional(shape -> 0)
          : (budget, ranking) ->
              Arrays.stream(counts.split(" ", -1)).map(Integer::valueOf).toList();
    }
  }

  private static List<Integer> counts(MemberSettings settings) {
    List<float[]> scores = Networks.weights(SHAPES, 3);
    Ranking ranking =
        Ranking.of(scores, SHAPES.stream().map(shape -> Mask.allKept(shape.size())).toList());
    Budget budget = new Budget(SHAPES, .8, 20, List.of(1, 1), List.of(20, 80));
    return Allocations.of(settings).counts(budget, ranking);
  }

  @Test
  void provider_ofProportions_sharesTheBudgetOutExactly() {
    assertThat(counts(new MemberSettings("by-fan-out", Map.of()))).containsExactly(10, 10);
  }

  private static List<Integer> widths(MemberSettings settings, long limit) {
    Groups groups = Chains.linear(2, 4, 3);
    RankedChannels ranked =
        RankedChannels.of(
            groups,
            List.of(new float[2], new float[] {1, 4, 2, 3}, new float[3]),
            WidthLimits.NONE);
    Allocation allocation = Allocations.of(settings);
    assertThat(allocation.least(groups.all().get(1), WidthLimits.NONE)).isEqualTo(1);
    return ranked.keep(allocation, Cost.of(groups, id -> 1), limit).stream()
        .map(Mask::kept)
        .toList();
  }

  @Test
  void provider_ofProportions_sharesOutChannelsWithinACost() {
    assertThat(widths(new MemberSettings("by-fan-out", Map.of()), 14)).containsExactly(2, 2, 3);
  }

  @Test
  void provider_whoseCountsOfChannelsBreakTheRules_isRefusedByName() {
    MemberSettings one = MemberSettings.of("faulty").with("counts", "2 1 3");

    assertThatThrownBy(() -> widths(one, 14))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("allocation 'faulty' (class")
        .hasMessageContaining("an allocation must keep exactly the budget: kept=6, budget=8");
  }

  /** Chooses without regard to the limit. */
  public static final class Greedy implements AllocationProvider {
    @Override
    public String name() {
      return "greedy";
    }

    @Override
    public Allocation create(MemberSettings settings) {
      return new Allocation() {
        @Override
        public List<Integer> counts(Budget budget, Ranking ranking) {
          return budget.caps();
        }

        @Override
        public List<Mask> keep(CostBudget budget, Ranking ranking) {
          return ranking.candidates();
        }
      };
    }
  }

  @Test
  void provider_thatChoosesChannelsAboveTheCost_isRefusedByName() {
    MemberSettings greedy = new MemberSettings("greedy", Map.of());

    assertThat(widths(greedy, 20)).containsExactly(2, 4, 3);
    assertThatThrownBy(() -> widths(greedy, 19))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("allocation 'greedy' (class")
        .hasMessageContaining(
            "must keep candidates only, within the limits and the cost: kept=[2, 4, 3]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20 | must give one count per parameter: parameters=2, counts=1",
        "0 20 | must keep from floor to cap units of each parameter: parameter=a, count=0, floor=1,"
            + " cap=20",
        "21 1 | must keep from floor to cap units of each parameter: parameter=a, count=21,"
            + " floor=1, cap=20",
        "10 9 | must keep exactly the budget: kept=19, budget=20",
        "ten | failed to share out the budget: java.lang.NumberFormatException: For input string:"
            + " \"ten\"",
        "zero | failed to share out the budget: java.lang.IllegalArgumentException: a raw density"
            + " must be finite and above 0: parameter=a, density=0.0",
      })
  void counts_thatBreakTheBudget_areRefusedWithTheClass(String counts, String message) {
    assertThatThrownBy(() -> counts(new MemberSettings("faulty", Map.of("counts", counts))))
        .isInstanceOf(PluginException.class)
        .hasMessage("allocation 'faulty' (class %s) %s", Faulty.class.getName(), message);
  }
}
