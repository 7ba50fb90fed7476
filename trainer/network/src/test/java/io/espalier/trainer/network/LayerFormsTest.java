package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Forms of layers that the class path brings. */
public final class LayerFormsTest {
  private static final LayerForms<Word<?>> WORDS =
      LayerForms.of(Word.class, Map.of(Linear.class, new OfLinear()));

  /** A back end. */
  public interface Word<L extends Layer> extends LayerForm<L> {
    default String of(L layer) {
      return "a " + layer;
    }
  }

  /** A layer of a user. */
  public record Doubling() implements Layer {}

  private static final class OfLinear implements Word<Linear> {}

  public static final class OfDoubling implements Word<Doubling> {}

  public static final class AnotherOfLinear implements Word<Linear> {}

  /** A form whose layer does not follow from its type. */
  public static final class OfNoLayer<L extends Layer> implements Word<L> {}

  /** A form that cannot be made. */
  public static final class Broken implements Word<Flatten> {
    public Broken() {
      throw new IllegalStateException("no key");
    }
  }

  @Test
  void find_layerOfAUser_returnsTheFormOfTheClassPath() {
    assertThat(WORDS.find(new Doubling())).containsInstanceOf(OfDoubling.class);
  }

  @Test
  void find_layerWithABuiltInForm_returnsThat() {
    assertThat(WORDS.find(new Linear(3, true))).containsInstanceOf(OfLinear.class);
  }

  @Test
  void find_layerWithoutAForm_isEmpty() {
    assertThat(WORDS.find(new Flatten())).isEmpty();
  }

  @Test
  void unusableNote_namesEachFormThatCannotBeUsed_andWhy() {
    assertThat(WORDS.unusableNote())
        .startsWith("; not usable: ")
        .contains(
            AnotherOfLinear.class.getName() + " must be the only Word of its layer",
            OfNoLayer.class.getName() + " must implement " + Word.class.getName(),
            "no key");
  }
}
