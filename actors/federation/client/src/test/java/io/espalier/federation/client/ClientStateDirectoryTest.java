package io.espalier.federation.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.federation.client.ClientStateDirectory.FinishedResult;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.StateLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientStateDirectoryTest {
  private static final ParameterShape SHAPE =
      new ParameterShape(new ParameterId("w"), List.of(2, 2));
  private static final Layout LAYOUT = Layout.dense(List.of(SHAPE));
  private static final MaskSet MASKS =
      MaskSet.dense(LAYOUT, List.of(SHAPE.id())).next(List.of(Mask.allKept(4)));
  private static final UploadHeader HEADER =
      UploadHeader.newBuilder().setRound("7").setMaskVersion(1).build();

  @TempDir private Path directory;

  @Test
  void state_afterTheProcess_isAsItWas() throws IOException {
    try (ClientStateDirectory state = ClientStateDirectory.open(directory)) {
      state.belongTo("run");
      state.keep(MASKS);
      state.finish(HEADER, ByteBuffer.wrap(new byte[] {1, 2, 3}), owed(.5f));
    }

    try (ClientStateDirectory state = ClientStateDirectory.open(directory)) {
      state.belongTo("run");
      assertThat(state.masks(LAYOUT, List.of(SHAPE.id()))).contains(MASKS);
      FinishedResult result = state.result().orElseThrow();
      assertThat(result.round()).isEqualTo("7");
      assertThat(result.header().getBytes()).isEqualTo(3);
      assertThat(result.file()).hasBinaryContent(new byte[] {1, 2, 3});
    }
  }

  @Test
  void state_ofAnotherRun_isForgotten() throws IOException {
    try (ClientStateDirectory state = ClientStateDirectory.open(directory)) {
      state.belongTo("run");
      state.keep(MASKS);
      state.finish(HEADER, ByteBuffer.wrap(new byte[] {1}), owed(.5f));
      state.accept();
      state.finish(HEADER, ByteBuffer.wrap(new byte[] {1}), owed(.5f));

      state.belongTo("another run");

      assertThat(state.masks(LAYOUT, List.of(SHAPE.id()))).isEmpty();
      assertThat(state.result()).isEmpty();
      assertThat(state.owed(layout())).isEmpty();
    }
  }

  @Test
  void owed_changesOnlyWithAnAcceptedResult() throws IOException {
    try (ClientStateDirectory state = ClientStateDirectory.open(directory)) {
      state.finish(HEADER, ByteBuffer.wrap(new byte[] {1}), owed(.5f));
      assertThat(state.owed(layout())).isEmpty();

      state.accept();
      assertThat(first(state)).isEqualTo(.5f);
      assertThat(state.result()).isEmpty();

      state.finish(HEADER, ByteBuffer.wrap(new byte[] {1}), owed(.25f));
      state.forgetResult();
      assertThat(first(state)).isEqualTo(.5f);

      state.finish(HEADER, ByteBuffer.wrap(new byte[] {1}), owed(0));
      state.accept();
      assertThat(state.owed(layout())).isEmpty();
    }
  }

  @Test
  void files_thatAreDamaged_countAsAbsent() throws IOException {
    try (ClientStateDirectory state = ClientStateDirectory.open(directory)) {
      state.keep(MASKS);
      state.finish(HEADER, ByteBuffer.wrap(new byte[] {1, 2}), owed(0));

      damage("masks");
      damage("result");

      assertThat(state.masks(LAYOUT, List.of(SHAPE.id()))).isEmpty();
      assertThat(state.result()).isEmpty();
    }
  }

  @Test
  void directory_inUse_isRefused() throws IOException {
    try (ClientStateDirectory first = ClientStateDirectory.open(directory)) {
      assertThatThrownBy(() -> ClientStateDirectory.open(directory))
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("--identity: must be in use by one process at a time: directory=");
      assertThat(first.result()).isEmpty();
    }
  }

  @Test
  void payloads_thatATaskDoesNotName_go() throws IOException {
    try (ClientStateDirectory state = ClientStateDirectory.open(directory)) {
      PayloadCache cache = state.payloads();
      Files.write(cache.file("a"), new byte[] {1});
      Files.write(cache.file("b"), new byte[] {2});
      Files.write(cache.file("b.part"), new byte[] {2});

      cache.keepOnly(Set.of("a"));

      try (var files = Files.list(directory.resolve("payloads"))) {
        assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("a");
      }
      assertThat(cache.has("a", 1)).as("its digest is another one").isFalse();
    }
  }

  private void damage(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve(file));
    bytes[bytes.length - 1] ^= 1;
    Files.write(directory.resolve(file), bytes);
  }

  private static float first(ClientStateDirectory state) throws IOException {
    return state.owed(layout()).orElseThrow().get(0).owed()[0];
  }

  private static List<ErrorFeedback> owed(float value) {
    return List.of(ErrorFeedback.of(new float[] {value, 0, 0, 0}));
  }

  private static StateLayout layout() {
    return StateLayout.of(
        List.of(new ParameterSpec(SHAPE, Role.WEIGHT, 2, 1, 1)), List.of(SHAPE.id()), 0);
  }
}
