package io.espalier.masks.unit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginException;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.selection.Ranking;
import io.espalier.masks.selection.Selection;
import io.espalier.masks.selection.SelectionProvider;
import io.espalier.masks.selection.Selections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selections and units of a user's: what they must not do. */
class PluginChoicesTest {
  private static final ParameterShape SHAPE =
      new ParameterShape(new ParameterId("fc1.weight"), List.of(2, 2));
  private static final Mask CANDIDATES = Mask.of(4, unit -> unit != 3);

  /** The first candidates, or a mistake. */
  public static final class First implements SelectionProvider {
    @Override
    public String name() {
      return "first";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.name("act", "right");
    }

    @Override
    public Selection create(MemberSettings settings) {
      return (ranking, parameters, counts) ->
          switch (settings.text("act")) {
            case "few" -> List.of(Mask.of(4, unit -> unit == 0));
            case "pruned" -> List.of(Mask.of(4, unit -> unit >= 2));
            case "short" -> List.of(Mask.allKept(2));
            case "throw" -> throw new IllegalStateException("no licence");
            default -> List.of(Mask.of(4, unit -> unit < counts.get(0)));
          };
    }
  }

  /** Rows, or a mistake. */
  public static final class Rows implements UnitsProvider {
    @Override
    public String name() {
      return "own-rows";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.name("act", "right");
    }

    @Override
    public Units create(MemberSettings settings, List<ParameterShape> prunable) {
      return switch (settings.text("act")) {
        case "many" -> Units.grouped(List.of(new int[] {0, 1, 2, 9}), Reduction.SUM);
        case "short" -> Units.grouped(List.of(new int[] {0, 1}), Reduction.SUM);
        case "throw" -> throw new IllegalStateException("no licence");
        default -> Units.grouped(List.of(new int[] {0, 0, 1, 1}), Reduction.SUM);
      };
    }
  }

  @Test
  void ownSelection_keepsWhatItChooses() {
    assertThat(keep("right")).containsExactly(Mask.of(4, unit -> unit < 2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "few | must keep exactly what the allocation gives, in a mask for each parameter: counts=[2], kept=[1]",
        "pruned | must keep candidates only: parameter=fc1.weight, units=4, candidates=3, kept=2",
        "short | must keep candidates only: parameter=fc1.weight, units=4, candidates=3, kept=2",
        "throw | failed to choose what stays: java.lang.IllegalStateException: no licence"
      })
  void ownSelection_withAMistake_endsTheRunByItsName(String act, String rule) {
    assertThatThrownBy(() -> keep(act))
        .isInstanceOf(PluginException.class)
        .hasMessage("selection 'first' (class %s) %s".formatted(First.class.getName(), rule));
  }

  @Test
  void ownUnits_areLiftedAndLowered() {
    Units units = units("right");

    assertThat(units.lift(0, new float[] {1, 2, 3, 4})).containsExactly(3, 7);
    assertThat(units.lift(0, Mask.of(4, weight -> weight == 3)))
        .isEqualTo(Mask.of(2, unit -> unit == 1));
    assertThat(units.lower(0, Mask.of(2, unit -> unit == 1)))
        .isEqualTo(Mask.of(4, weight -> weight >= 2));
    assertThat(units.unitOf(0, 2)).isEqualTo(1);
    assertThat(units.areWeights()).isFalse();
    assertThat(units.kept(0.5)).isEqualTo(1);
  }

  @Test
  void ownUnits_withAMistake_areRefusedOrEndTheRunByTheirName() {
    String named = "granularity 'own-rows' (class %s) ".formatted(Rows.class.getName());

    assertThatThrownBy(() -> units("many"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(
            named + "must be from 1 to the weights of each parameter: weights=[4], units=[10]");
    assertThatThrownBy(() -> units("throw"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining(named + "failed to be created: java.lang.IllegalStateException");
    Units units = units("short");
    assertThatThrownBy(() -> units.lower(0, Mask.allKept(2)))
        .isInstanceOf(PluginException.class)
        .hasMessage(named + "must give a mask of weights: expected=4, given=2");
  }

  private static List<Mask> keep(String act) {
    return Selections.of(MemberSettings.of("first").with("act", act))
        .keep(
            Ranking.of(List.of(new float[] {1, 2, 3, 4}), List.of(CANDIDATES)),
            List.of(SHAPE),
            List.of(2));
  }

  private static Units units(String act) {
    return UnitFamily.of(
        new GranularityConfig.Units(MemberSettings.of("own-rows").with("act", act)),
        List.of(SHAPE));
  }
}
