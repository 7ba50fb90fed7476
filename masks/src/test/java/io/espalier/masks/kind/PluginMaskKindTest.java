package io.espalier.masks.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MaskConfig;
import io.espalier.configs.MaskTraits;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.masks.Mask;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.annealing.Temperature;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginMaskKindTest {
  /** Hides weights, which learn with any share of their gradient and without momentum. */
  public static final class Eager implements MaskKindProvider {
    @Override
    public String name() {
      return "eager";
    }

    @Override
    public PluginKeys keys() {
      return PluginKeys.NONE.number("share", 1);
    }

    @Override
    public MaskTraits traits(MemberSettings settings) {
      return MaskTraits.RETURNING;
    }

    @Override
    public MaskKind create(MemberSettings settings) {
      return new SoftMask.Soft(0, settings.number("share"), false);
    }
  }

  private static MaskConfig eager(double share) {
    return MaskKinds.config(new MemberSettings("eager", Map.of("share", share)));
  }

  @Test
  void kind_ofAUser_saysHowHiddenWeightsLearn() {
    MaskKind kind = MaskKinds.of(eager(0.25));

    assertThat(kind.hiddenGradient()).isEqualTo(0.25);
    assertThat(kind.hiddenMomentum()).isFalse();
  }

  @Test
  void view_ofAUser_isPlainIfItIsOneOfEspalier() {
    MaskKind kind = MaskKinds.of(eager(1));
    AnnealingState none = AnnealingState.none(new Temperature(Temperature.Shape.LINEAR, 0, 0));
    Mask mask = Mask.of(4, unit -> unit > 1);

    assertThat(kind.view(new MaskedWeight(0, mask, 0, true, 1, none, 1, 0)).isPlain()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, 1.5, Double.NaN})
  void kind_ofAUserWithAShareOutsideOfZeroToOne_isRefusedWithTheClass(double share) {
    assertThatThrownBy(() -> MaskKinds.of(eager(share)))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "prune.mask: mask kind 'eager' (class %s) must give hidden weights a share of their"
                + " gradient from 0 to 1: hiddenGradient=%s",
            Eager.class.getName(), share);
  }
}
