package io.espalier.trainer.state;

import java.nio.FloatBuffer;

/** In-place access to a replica's arrays: slot 0 is the value, the next are optimizer moments. */
public interface StateAccess {
  /** A live view, positioned at 0 and as long as the parameter. */
  FloatBuffer array(int parameter, int slot);
}
