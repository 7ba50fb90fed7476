/** Syncs: averaging, commits, mask updates and cuts. */
package io.espalier.trainer.sync;
