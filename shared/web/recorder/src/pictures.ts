// How large the pictures of a page are: whoever watches may load none of them, and sees their boxes.

/** What the event is called that says it of a picture that was loaded later. */
const TAG = "recapt.picture";

/** The size of a picture by itself, CSS pixels; none of one that is not loaded. */
export interface PictureSize {
  width: number;
  height: number;
}

/** Of an element, if it is a picture that is loaded. */
export function pictureSize(element: unknown): PictureSize | undefined {
  const { naturalWidth: width, naturalHeight: height } = (element ?? {}) as HTMLImageElement;
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** Tells of every picture that is loaded from now on; gives what ends it. */
export function watchPictures(
  numberOf: (picture: Element) => number | undefined,
  tell: (tag: string, payload: PictureSize & { id: number }) => void,
): () => void {
  const onLoad = ({ target }: Event) => {
    const size = pictureSize(target);
    const id = size && numberOf(target as Element);
    if (size && id) tell(TAG, { id, ...size });
  };
  // A load does not bubble.
  document.addEventListener("load", onLoad, true);
  return () => document.removeEventListener("load", onLoad, true);
}
