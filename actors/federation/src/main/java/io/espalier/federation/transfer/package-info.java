/** Rules shared by client and gateway: chunks, refusals, progress. */
package io.espalier.federation.transfer;
