package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskImageSamplerTest {
  @TempDir private Path home;

  @Test
  void pictures_ofPerceptron_showPixelsThatTheFirstLayerLooksAt() {
    PreparedRun run = run("model.hidden=[32,16]");
    MaskSet dense = MaskSet.dense(run.layout(), run.prunableIds());
    List<Mask> masks = new ArrayList<>(dense.masks());
    masks.set(0, Mask.of(masks.get(0).size(), unit -> unit % 64 == 9)); // row 1, column 1

    List<MaskPicture> pictures = new MaskImageSampler(run).pictures(5, dense.next(masks));

    assertThat(pictures)
        .extracting(MaskPicture::name, MaskPicture::view)
        .containsExactly(
            tuple("fc1.weight", "weights"),
            tuple("fc1.weight", "pixels"),
            tuple("fc2.weight", "weights"));
    MaskPicture pixels = pictures.get(1);
    assertThat(List.of(pixels.rows(), pixels.columns(), pixels.full())).containsExactly(8, 8, 1.0);
    assertThat(pixels.step()).isEqualTo(5);
    byte[] expected = new byte[64];
    expected[9] = -1;
    assertThat(Base64.getDecoder().decode(pixels.cells())).isEqualTo(expected);
  }

  @Test
  void pictures_ofConvolution_showItsWindow() {
    List<MaskPicture> pictures = album(run("model=resnet-8", "model.width=4"), 1);

    assertThat(pictures.get(1).name()).isEqualTo("stem.conv.weight");
    assertThat(pictures.get(1).view()).isEqualTo(MaskPicture.WINDOW);
    assertThat(List.of(pictures.get(1).rows(), pictures.get(1).columns())).containsExactly(3, 3);
  }

  @Test
  void pictures_ofManyUpdates_areBounded() {
    PreparedRun run =
        run("train.sync-every=1", "prune.schedule={kind=cubic,begin=0,end=90%,updates=90}");
    int updates = run.plan().updates().size();
    assertThat(updates).isGreaterThan(64);

    List<Integer> pictured = new ArrayList<>();
    for (int update = 1; update < updates; update++) {
      if (!album(run, update).isEmpty()) {
        pictured.add(update);
      }
    }

    assertThat(pictured).hasSizeBetween(25, MaskImageSampler.MOST_MOMENTS);
    assertThat(album(run, updates))
        .filteredOn(picture -> picture.view().equals(MaskPicture.WEIGHTS))
        .extracting(MaskPicture::name)
        .containsExactlyElementsOf(run.prunableIds().stream().map(id -> id.name()).toList());
  }

  @Test
  void pictures_ofManyLayers_areOfTheFirstAndOneOther_whichTakeTurns() {
    PreparedRun run =
        run("train.sync-every=1", "prune.schedule={kind=cubic,begin=0,end=90%,updates=90}");
    List<String> names = run.prunableIds().stream().map(id -> id.name()).toList();
    int updates = run.plan().updates().size();

    List<List<String>> moments = new ArrayList<>();
    for (int update = 1; update < updates; update++) {
      List<String> pictured =
          album(run, update).stream().map(MaskPicture::name).distinct().toList();
      if (!pictured.isEmpty()) {
        moments.add(pictured);
      }
    }

    assertThat(names).hasSize(3);
    assertThat(moments)
        .allSatisfy(moment -> assertThat(moment).hasSize(2).startsWith(names.get(0)));
    for (int at = 1; at < moments.size(); at++) {
      assertThat(moments.get(at).get(1)).isNotEqualTo(moments.get(at - 1).get(1));
    }
  }

  @Test
  void pictures_ofFewUpdates_reachEveryLayer() {
    PreparedRun run = run("prune.schedule={kind=cubic,begin=0,end=90%,updates=5}");

    List<String> pictured = new ArrayList<>();
    for (int update = 1; update < run.plan().updates().size(); update++) {
      album(run, update).forEach(picture -> pictured.add(picture.name()));
    }

    assertThat(pictured).containsAll(run.prunableIds().stream().map(id -> id.name()).toList());
  }

  private static List<MaskPicture> album(PreparedRun run, int update) {
    MaskSet masks = MaskSet.dense(run.layout(), run.prunableIds());
    for (int i = 0; i < update; i++) {
      masks = masks.next(masks.masks());
    }
    return new MaskImageSampler(run).pictures(update, masks);
  }

  private PreparedRun run(String... overrides) {
    return PreparedRun.of(
        new RecipeLoader().load("digits", List.of(overrides)).config(), DataHome.of(home));
  }
}
