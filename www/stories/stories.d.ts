declare module 'virtual:stories' {
  export const STORIES: import('../page/gallery.mjs').Story[];
}
