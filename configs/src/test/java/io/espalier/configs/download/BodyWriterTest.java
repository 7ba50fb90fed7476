package io.espalier.configs.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.file.DiskFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

final class BodyWriterTest {
  private boolean cancelled;

  private final Flow.Subscription subscription =
      new Flow.Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {
          cancelled = true;
        }
      };

  private static List<ByteBuffer> bytes(int count) {
    return List.of(ByteBuffer.allocate(count));
  }

  @Test
  void diskFull_isAFailureOfTheFileThatSaysSo() throws IOException {
    try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE);
        BodyWriter writer = new BodyWriter(full, "model.download", 0, 100)) {
      writer.onSubscribe(subscription);
      writer.onNext(bytes(5));

      assertThatThrownBy(() -> writer.end().get())
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(FileSystemException.class)
          .hasMessageStartingWith("model.download: ")
          .matches(DiskFailure::isFull);
      assertThat(cancelled).isTrue();
    }
  }

  @Test
  void bytes_afterTheEnd_areNotWritten() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BodyWriter writer = new BodyWriter(Channels.newChannel(out), "out", 0, 100);
    writer.onSubscribe(subscription);
    writer.onNext(bytes(5));

    writer.close();
    writer.onNext(bytes(7));

    assertThat(out.size()).isEqualTo(5);
    assertThat(cancelled).isTrue();
  }

  @Test
  void bytes_beforeThatArePresent_countForTheLimit() {
    BodyWriter writer =
        new BodyWriter(Channels.newChannel(new ByteArrayOutputStream()), "out", 95, 100);
    writer.onSubscribe(subscription);
    writer.onNext(bytes(5));
    assertThat(writer.bytes()).isEqualTo(100);

    writer.onNext(bytes(1));

    assertThatThrownBy(() -> writer.end().get())
        .hasCauseInstanceOf(Download.TooLongException.class);
  }
}
