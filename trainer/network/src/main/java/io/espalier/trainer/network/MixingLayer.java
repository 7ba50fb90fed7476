package io.espalier.trainer.network;

/** A layer whose time depends on its channels, and is measured. */
public interface MixingLayer {
  /** Its use of an input's channels. */
  ChannelMixing mixing(int channels);
}
