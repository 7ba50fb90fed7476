package io.espalier.training.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.training.transport.TransferId.Direction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SealedFrameTest {
  private static final byte[] PLAIN = "weights".getBytes(StandardCharsets.UTF_8);
  private static final SealedFrame.Header HEAD =
      new SealedFrame.Header(Direction.TO_TRAINER, 77, 3, 5);

  private final LaneKey key = LaneKey.generate("127.0.0.1:1");
  private final SealedFrame frames = new SealedFrame(key.key());
  private final byte[] sealed = new byte[100];

  @Test
  void open_whatWasSealed_isWhatWentIn() throws GeneralSecurityException {
    // Given
    int length = frames.seal(HEAD, PLAIN, PLAIN.length, sealed);

    // When
    byte[] opened = new byte[100];
    SealedFrame.Header head = SealedFrame.header(new UnsafeBuffer(sealed), 0, length);
    int count = frames.open(head, sealed, length, opened);

    // Then
    assertThat(head).isEqualTo(HEAD);
    assertThat(length).isEqualTo(PLAIN.length + SealedFrame.OVERHEAD_BYTES);
    assertThat(new String(opened, 0, count, StandardCharsets.UTF_8)).isEqualTo("weights");
  }

  @Test
  void open_anyBitAltered_isRefused() {
    int length = frames.seal(HEAD, PLAIN, PLAIN.length, sealed);
    for (int bit = 0; bit < 8 * length; bit++) {
      // Given
      byte[] altered = sealed.clone();
      altered[bit / 8] ^= (byte) (1 << (bit % 8));

      // When Then
      assertThatThrownBy(
              () ->
                  frames.open(
                      SealedFrame.header(new UnsafeBuffer(altered), 0, length),
                      altered,
                      length,
                      new byte[100]))
          .isInstanceOfAny(GeneralSecurityException.class, IllegalArgumentException.class);
    }
  }

  @Test
  void isAfter_followsNumberAndIndexWithoutGapsInATransfer() {
    assertThat(HEAD.isAfter(3, 4)).isTrue();
    assertThat(HEAD.isAfter(3, 5)).isFalse();
    assertThat(HEAD.isAfter(3, 6)).isFalse();
    assertThat(HEAD.isAfter(3, 3)).isFalse();
    assertThat(HEAD.isAfter(2, 9)).isFalse();
    assertThat(new SealedFrame.Header(Direction.TO_TRAINER, 77, 3, 0).isAfter(1, 9)).isTrue();
  }

  @Test
  void key_inText_isNotShown() {
    assertThat(key.toString()).doesNotContain(key.secret());
  }
}
