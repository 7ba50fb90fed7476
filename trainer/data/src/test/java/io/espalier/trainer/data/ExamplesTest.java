package io.espalier.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ExamplesTest {
  private final Examples bytes =
      Examples.ofBytes(new byte[] {0, 1, 2, 3, (byte) 200, (byte) 255}, new int[] {7, 8, 9});

  @Test
  void fill_bytes_areUnsignedAndInTheOrderAsked() {
    float[] values = {-9, -9, -9, -9, -9};
    int[] labels = {-9, -9, -9};

    bytes.fill(new int[] {0, 2, 1}, 1, 2, values, labels);

    assertThat(values).containsExactly(200, 255, 2, 3, -9);
    assertThat(labels).containsExactly(9, 8, -9);
  }

  @Test
  void fill_normalised_usesTheGroupOfEachFeature() {
    Normalization perColumn = new Normalization(List.of(1.0, 3.0), List.of(2.0, 4.0));
    Examples floats =
        Examples.ofFloats(new float[] {1, 3, 5, 11}, new int[] {0, 1}).normalisedBy(perColumn);
    float[] values = new float[4];

    floats.fill(new int[] {1, 0}, 0, 2, values, new int[2]);

    assertThat(values).containsExactly(2, 2, 0, 0);
  }

  @Test
  void fill_twoChannelsOfTwoPixels_areNormalisedChannelByChannel() {
    Normalization perChannel = new Normalization(List.of(0.0, 10.0), List.of(1.0, 10.0));
    Examples image =
        Examples.ofBytes(new byte[] {1, 2, 10, 20}, new int[] {0}).normalisedBy(perChannel);
    float[] values = new float[4];

    image.fill(new int[] {0}, 0, 1, values, new int[1]);

    assertThat(values).containsExactly(1, 2, 0, 1);
  }

  @Test
  void fill_beyondTheIndices_isRefused() {
    assertThatThrownBy(() -> bytes.fill(new int[] {0, 1}, 1, 2, new float[4], new int[2]))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void select_some_copiesThemInOrder() {
    Examples selected = bytes.select(new int[] {2, 0});
    float[] values = new float[4];

    selected.fill(new int[] {0, 1}, 0, 2, values, new int[2]);

    assertThat(selected.count()).isEqualTo(2);
    assertThat(selected.label(0)).isEqualTo(9);
    assertThat(values).containsExactly(200, 255, 0, 1);
  }

  @Test
  void of_valuesThatDoNotDivide_areRefused() {
    assertThatThrownBy(() -> Examples.ofFloats(new float[5], new int[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("values=5, labels=2");
  }

  @Test
  void normalization_throughItsMap_isUnchanged() {
    Normalization normalization = new Normalization(List.of(0.1, 2.0), List.of(1.0, 0.5));

    assertThat(Normalization.ofMap(normalization.toMap())).isEqualTo(normalization);
    assertThat(Normalization.ofMap(Map.of("mean", List.of(1), "standardDeviation", List.of(2))))
        .isEqualTo(new Normalization(List.of(1.0), List.of(2.0)));
  }

  @Test
  void normalization_ofBrokenMap_namesTheList() {
    assertThatThrownBy(() -> Normalization.ofMap(Map.of("mean", List.of("x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name=mean");
    assertThatThrownBy(() -> new Normalization(List.of(1.0), List.of(0.0)))
        .hasMessageContaining("above 0");
  }
}
