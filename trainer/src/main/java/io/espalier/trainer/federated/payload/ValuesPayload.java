package io.espalier.trainer.federated.payload;

import io.espalier.masks.MaskSet;
import io.espalier.trainer.federated.payload.MalformedPayloadException.Reason;
import io.espalier.trainer.state.LiveUnits;
import io.espalier.trainer.state.StateAccess;
import io.espalier.trainer.state.StateCodec;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The kept values of a network and all values without a mask: little-endian F32, parameter by parameter in layout order, row-major. */
public final class ValuesPayload {
  private final StateLayout layout;

  /**
   * @param layout of values alone
   */
  public ValuesPayload(StateLayout layout) {
    this.layout = layout;
  }

  public int bytes(MaskSet masks) {
    return layout.packedBytes(LiveUnits.of(masks.masks()));
  }

  public byte[] encode(StateAccess values, MaskSet masks) {
    ByteBuffer target = ByteBuffer.allocate(bytes(masks)).order(ByteOrder.LITTLE_ENDIAN);
    new StateCodec(layout).pack(values, LiveUnits.of(masks.masks()), target.asFloatBuffer());
    return target.array();
  }

  /**
   * Decodes values; pruned ones are 0.
   *
   * @throws MalformedPayloadException if the length is wrong
   */
  public TrainingState decode(byte[] bytes, MaskSet masks) {
    MalformedPayloadException.require(
        bytes.length == bytes(masks),
        Reason.WRONG_COUNT,
        () ->
            "values must be as many as the masks keep: bytes=%d, expected=%d"
                .formatted(bytes.length, bytes(masks)));
    TrainingState state = new TrainingState(layout);
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    new StateCodec(layout).unpack(source.asFloatBuffer(), LiveUnits.of(masks.masks()), state);
    return state;
  }
}
