package io.espalier.masks.refit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginException;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginRefitTest {
  private static final String OWN = "refit 'filled' (class " + Filled.class.getName() + ")";

  /** Fills each weight with a value, or fails. */
  public static final class Filled implements RefitProvider {
    @Override
    public String name() {
      return "filled";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.text("value", "1");
    }

    @Override
    public Refit create(MemberSettings settings) {
      return new Filling(settings.text("value"));
    }
  }

  private record Filling(String value) implements Refit {
    @Override
    public List<StatisticRequest> requests() {
      return List.of();
    }

    @Override
    public void check(List<ParameterShape> prunable) {
      new Rules().require("value", value, !value.equals("wide"), "narrow").verify();
    }

    @Override
    public void refit(EditableState values, MaskSet kept, Statistics statistics) {
      for (ParameterId id : kept.parameters()) {
        values.values(id)[1] = Float.parseFloat(value);
      }
    }
  }

  private static Refit filled(String value) {
    return Refits.of(SampleLayer.prune(new MemberSettings("filled", Map.of("value", value))))
        .orElseThrow();
  }

  private static float[] refitted(String value) {
    MaskSet masks = Networks.dense(List.of(Networks.shape("fc.weight", 1, 2)));
    float[] weights = {5, 6};
    SampleLayer layer =
        new SampleLayer(new double[1][1][2], 1, weights, Optional.empty(), Set.of());
    filled(value).refit(layer, masks, Statistics.none());
    return weights;
  }

  @Test
  void refit_ofTheUser_writesIntoTheState() {
    assertThat(refitted("-2")).containsExactly(5, -2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NaN | must leave finite values: parameter=fc.weight, unit=1, value=NaN",
        "one | failed to refit: java.lang.NumberFormatException: For input string: \"one\"",
      })
  void refit_thatFails_isRefusedWithItsClass(String value, String problem) {
    assertThatThrownBy(() -> refitted(value))
        .isInstanceOf(PluginException.class)
        .hasMessage(OWN + " " + problem);
  }

  @Test
  void check_thatRefuses_isAProblemOfTheRecipe() {
    assertThatThrownBy(() -> filled("wide").check(List.of()))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("prune.refit.value: value must be narrow: value=wide, of " + OWN);
  }
}
