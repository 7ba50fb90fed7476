package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MaskPicturesTest {
  @Test
  void weights_smallMask_areDrawnOneByOne() {
    DensityGrid grid = MaskPictures.weights(shape(2, 3), mask("101 010"));

    assertThat(rows(grid)).containsExactly(List.of(255, 0, 255), List.of(0, 255, 0));
    assertThat(grid.full()).isEqualTo(1);
  }

  @Test
  void weights_ofConvolution_haveOneRowPerOutput() {
    DensityGrid grid = MaskPictures.weights(shape(2, 1, 2, 2), mask("1000 0110"));

    assertThat(rows(grid)).containsExactly(List.of(255, 0, 0, 0), List.of(0, 255, 255, 0));
  }

  @Test
  void weights_nothingKept_areBlank() {
    DensityGrid grid = MaskPictures.weights(shape(1, 2), Mask.noneKept(2));

    assertThat(rows(grid)).containsExactly(List.of(0, 0));
    assertThat(grid.full()).isZero();
  }

  @Test
  void weights_largeMask_shareCells() {
    Mask corner = Mask.of(96 * 128, unit -> unit == 0);

    DensityGrid grid = MaskPictures.weights(shape(96, 128), corner);

    assertThat(List.of(grid.rows(), grid.columns())).containsExactly(48, 64);
    assertThat(grid.full()).isEqualTo(0.25);
    assertThat(grid.cell(0, 0)).isEqualTo(255);
    assertThat(grid.cell(0, 1)).isZero();
  }

  @Test
  void weights_oneWeightInABusyPicture_isNotLost() {
    Mask mask = Mask.of(48 * 640, unit -> unit < 640 * 47 || unit == 48 * 640 - 1);

    DensityGrid grid = MaskPictures.weights(shape(48, 640), mask);

    assertThat(grid.full()).isEqualTo(1);
    assertThat(grid.cell(47, 63)).isEqualTo(26); // a tenth of 255, rounded
    assertThat(grid.cell(47, 0)).isZero();
  }

  @Test
  void pixels_ofTwoChannels_countOverOutputsAndChannels() {
    Mask mask = mask("1000 1000  1000 0001");

    DensityGrid grid = MaskPictures.pixels(shape(2, 8), mask, 2, 2);

    assertThat(grid.full()).isEqualTo(0.75);
    assertThat(rows(grid)).containsExactly(List.of(255, 0), List.of(0, 85));
  }

  @Test
  void window_ofConvolution_countsOverOutputsAndInputs() {
    DensityGrid grid = MaskPictures.window(shape(2, 1, 1, 3), mask("110 100"));

    assertThat(rows(grid)).containsExactly(List.of(255, 128, 0));
  }

  @Test
  void pictures_ofAnotherShape_areRefused() {
    assertThatThrownBy(() -> MaskPictures.weights(shape(2, 2), Mask.allKept(3)))
        .hasMessageContaining("one bit per weight: parameter=p, weights=4, bits=3");
    assertThatThrownBy(() -> MaskPictures.pixels(shape(1, 5), Mask.allKept(5), 2, 2))
        .hasMessageContaining("whole images");
    assertThatThrownBy(() -> MaskPictures.window(shape(1, 4), Mask.allKept(4)))
        .hasMessageContaining("4 axes");
  }

  @Property(tries = 200)
  void weights_anyMask_tellTheSharePerCell(
      @ForAll @IntRange(min = 1, max = 300) int outputs,
      @ForAll @IntRange(min = 1, max = 300) int weights,
      @ForAll long seed) {
    Random random = new Random(seed);
    double density = random.nextDouble();
    Mask mask = Mask.of(outputs * weights, unit -> random.nextDouble() < density);

    DensityGrid grid = MaskPictures.weights(shape(outputs, weights), mask);

    double[][] expected = shares(mask, outputs, weights, grid.rows(), grid.columns());
    assertThat(grid.base64()).hasSizeLessThanOrEqualTo(4096);
    assertThat(Base64.getDecoder().decode(grid.base64())).hasSize(grid.rows() * grid.columns());
    for (int row = 0; row < grid.rows(); row++) {
      for (int column = 0; column < grid.columns(); column++) {
        double share = expected[row][column];
        assertThat(grid.cell(row, column) == 0).isEqualTo(share == 0);
        assertThat(Math.abs(grid.cell(row, column) * grid.full() / 255 - share))
            .isLessThanOrEqualTo(grid.full() / 255);
      }
    }
  }

  private static double[][] shares(Mask mask, int outputs, int weights, int rows, int columns) {
    int[][] kept = new int[rows][columns];
    int[][] all = new int[rows][columns];
    for (int output = 0; output < outputs; output++) {
      for (int weight = 0; weight < weights; weight++) {
        int row = output * rows / outputs;
        int column = weight * columns / weights;
        all[row][column]++;
        kept[row][column] += mask.isKept(output * weights + weight) ? 1 : 0;
      }
    }
    double[][] shares = new double[rows][columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        shares[row][column] = (double) kept[row][column] / all[row][column];
      }
    }
    return shares;
  }

  private static List<List<Integer>> rows(DensityGrid grid) {
    List<List<Integer>> rows = new ArrayList<>();
    for (int row = 0; row < grid.rows(); row++) {
      List<Integer> cells = new ArrayList<>();
      for (int column = 0; column < grid.columns(); column++) {
        cells.add(grid.cell(row, column));
      }
      rows.add(cells);
    }
    return rows;
  }

  private static ParameterShape shape(Integer... dimensions) {
    return new ParameterShape(new ParameterId("p"), List.of(dimensions));
  }

  private static Mask mask(String bits) {
    String dense = bits.replace(" ", "");
    return Mask.of(dense.length(), unit -> dense.charAt(unit) == '1');
  }
}
